// What an application knows of its own data. It would ask its server; here, a moment passes.

const known: Record<string, string[]> = {
  model: ['claude-3-opus', 'claude-3.5-sonnet', 'gpt-4o', 'gpt-4o-mini', 'o1'],
  environment: ['dev', 'prod', 'staging'],
  provider: ['anthropic', 'openai'],
}

const knownKeys: Record<string, string[]> = {
  session_custom_metadata: ['user type', 'tenant'],
  trace_evaluation_results: ['Quality Score', 'Helpfulness'],
}

export async function values(field: string): Promise<string[]> {
  await moment()
  return known[field] ?? []
}

export async function keys(field: string): Promise<string[]> {
  await moment()
  return knownKeys[field] ?? []
}

function moment(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50))
}
