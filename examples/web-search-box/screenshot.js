// Writes screenshot.png: a query with mistakes, and completions of its last value.

import { chromium } from 'playwright-core'

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
const page = await browser.newPage({ viewport: { width: 960, height: 560 }, colorScheme: 'light' })
await page.goto(new URL('dist/index.html', import.meta.url).href)
await page.keyboard.press('Control+a')
await page.keyboard.type('modle = gpt-4o and latency > 5 seconds\nand start_time = last-week and environment = ')
await page.getByRole('option').first().waitFor()
await page.locator('.cm-lintRange-error').first().waitFor()
await page.screenshot({ path: 'screenshot.png' })
await browser.close()
