// The page in headless Chromium, driven as a person would.

import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'

import { chromium } from 'playwright-core'

const url = new URL('../dist/index.html', import.meta.url).href
let browser
let page
let errors

before(async () => {
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
})

after(async () => {
  await browser?.close()
})

beforeEach(async () => {
  await page?.context().close()
  await open({ viewport: { width: 1100, height: 800 } })
})

async function open(options) {
  page = await (await browser.newContext(options)).newPage()
  errors = []
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(url)
}

const content = () => page.locator('.cm-content')
const problems = () => page.locator('#problems > li')
const options = () => page.getByRole('option')

async function query() {
  return (await content().locator('.cm-line').allInnerTexts()).join('\n')
}

/** Types a query in place of the one there. */
async function type(text) {
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Delete')
  await page.keyboard.type(text)
}

/** Waits until a condition holds. */
async function until(condition, what) {
  for (let tries = 0; tries < 100; tries++) {
    if (await condition()) return
    await page.waitForTimeout(50)
  }
  assert.fail(`${what}; the query is ${await query()}`)
}

test('the page is ready with the editor focused', async (t) => {
  t.diagnostic(`ready after ${Math.round(await page.evaluate(() => performance.now()))} ms`)
  assert.ok(await content().evaluate((element) => element === document.activeElement))
  assert.equal(await page.getByRole('status').innerText(), 'Compiles')
  assert.ok((await page.locator('#json').innerText()).includes('{"field": "cost", "op": "gte", "value": 0.01}'))
  assert.ok((await page.locator('#words').innerText()).includes('cost is at least 0.01 US dollars'))
  assert.deepEqual(errors, [])
})

test('a query is completed by keyboard, with the provider\'s values', async () => {
  await type('mod')
  await until(async () => (await options().first().innerText()) === 'model', 'model is offered')
  await page.waitForTimeout(100)
  await page.keyboard.press('Enter')
  await until(async () => (await options().first().innerText()) === '=', '= is offered')
  await page.waitForTimeout(100)
  await page.keyboard.press('Enter')
  await until(async () => (await options().allInnerTexts()).includes('gpt-4o-mini'), 'the values are offered')
  await page.keyboard.type('gpt-4o-')
  await until(async () => (await options().count()) === 1, 'one value is left')
  await page.waitForTimeout(100)
  await page.keyboard.press('Enter')
  await until(async () => (await query()).trim() === 'model = gpt-4o-mini', 'the value is taken')
  assert.deepEqual(errors, [])
})

test('two errors are shown, and fixed by keyboard', async () => {
  await type('modle = gpt-4o and latency > 5 seconds')
  assert.equal(await page.getByRole('status').innerText(), '2 errors')
  const messages = ['unknown field `modle`', '`5 seconds` is not a duration']
  assert.deepEqual(await problems().locator('p').allInnerTexts(), messages)
  await until(async () => (await page.locator('.cm-lintRange-error').count()) >= 2, 'both are underlined')
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('Control+.')
  await page.keyboard.press('Control+.')
  assert.equal(await query(), 'model = gpt-4o and latency > 5s')
  assert.equal(await page.getByRole('status').innerText(), 'Compiles')
  assert.equal(await problems().count(), 0)
})

test('the buttons of fixes are reached by Tab', async () => {
  await type('modle = a')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'did you mean `model`?')
  await page.keyboard.press('Enter')
  assert.equal(await query(), 'model = a')
  assert.ok(await content().evaluate((element) => element === document.activeElement))
})

test('an error after an emoji is underlined and fixed where it is', async () => {
  await type('model = "é🚀" and modle = x')
  await until(async () => (await page.locator('.cm-lintRange-error').count()) > 0, 'it is underlined')
  assert.equal(await page.locator('.cm-lintRange-error').innerText(), 'modle')
  await problems().getByRole('button').first().click()
  assert.equal(await query(), 'model = "é🚀" and model = x')
})

test('a fix is offered in the editor', async () => {
  await type('modle = x')
  await page.locator('.cm-lintRange-error').hover()
  await page.locator('.cm-diagnosticAction').click()
  assert.equal(await query(), 'model = x')
})

test('pasted JSON becomes a query', async () => {
  await type('')
  await content().evaluate((element) => {
    const clipboardData = new DataTransfer()
    const clauses = '{"field":"cost","op":"gte","value":0.5},{"field":"model","op":"eq","value":"é🚀"}'
    clipboardData.setData('text/plain', `{"and":[${clauses}]}`)
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  })
  assert.equal(await page.getByRole('status').innerText(), '1 error')
  await page.keyboard.press('Control+.')
  assert.equal(await query(), 'cost >= 0.5 and model = é🚀')
  assert.equal(await page.getByRole('status').innerText(), 'Compiles')
})

test('half of a character does no harm', async () => {
  await type('model = ')
  await page.evaluate(() => document.execCommand('insertText', false, `a${String.fromCharCode(0xd83d)}`))
  const said = async () => (await problems().allInnerTexts()).join()
  await until(async () => (await said()) === 'a lone surrogate is not a character', 'it is said')
  await page.keyboard.press('Backspace')
  assert.equal(await page.getByRole('status').innerText(), 'Compiles')
  assert.deepEqual(errors, [])
})

test('the accessibility tree is in the order of the page', async () => {
  await type('modle = a')
  const tree = await page.locator('body').ariaSnapshot()
  const order = ['heading "Search box"', 'textbox "Query"', 'status: 1 error', 'list "Problems"', 'heading "Try"']
  const places = [...order, 'heading "In words"', 'heading "Filter JSON"'].map((part) => tree.indexOf(part))
  assert.ok(places.every((place) => place >= 0), tree)
  assert.deepEqual(places, places.toSorted((left, right) => left - right))
})

for (const colorScheme of ['light', 'dark']) {
  test(`texts have contrast, and a phone shows all of it: ${colorScheme}`, async () => {
    await page.context().close()
    await open({ viewport: { width: 390, height: 844 }, colorScheme })
    await page.getByRole('button', { name: 'Two mistakes' }).click()
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth))
    const poor = await page.evaluate(() => {
      const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
      // The relative luminance of WCAG.
      const luminance = (color) => {
        canvas.fillStyle = color
        canvas.fillRect(0, 0, 1, 1)
        const [red, green, blue] = [...canvas.getImageData(0, 0, 1, 1).data].map((value) => {
          return value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4
        })
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue
      }
      const background = (element) => {
        const color = getComputedStyle(element).backgroundColor
        return color === 'rgba(0, 0, 0, 0)' && element.parentElement ? background(element.parentElement) : color
      }
      const contrast = (element) => {
        const lights = [luminance(getComputedStyle(element).color), luminance(background(element))]
        return (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05)
      }
      const texts = [...document.querySelectorAll('h1, h2, p, li, button, kbd, .cm-line span, #words, #json')]
      return texts.filter((element) => contrast(element) < 4.5).map((element) => [element.outerHTML, contrast(element)])
    })
    assert.deepEqual(poor, [])
    assert.deepEqual(errors, [])
  })
}
