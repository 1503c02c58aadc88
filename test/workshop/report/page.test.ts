import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { reportHtml } from '../../../src/workshop/report/index.ts';
import { launchChromium } from './chromium.ts';
import { configAt, FIXTURES, inputOf, namedScenarios, playedRun } from './report-kit.ts';

const directory = mkdtempSync(join(tmpdir(), 'report-page-'));
const file = join(directory, 'report.html');
const url = pathToFileURL(file).href;
const FLIPPED = 'fixtures/robocall-account-alert';

let browser: Browser;
/** What the browser complained about; every test must leave it empty. */
let complaints: string[] = [];

beforeAll(async () => {
  browser = await launchChromium();
  const scenarios = namedScenarios();
  const before = await playedRun('20261122-063012-4f1c', scenarios, configAt('balanced'));
  const now = await playedRun('20261122-064512-77aa', scenarios, configAt('eager'));
  writeFileSync(file, reportHtml(inputOf(now, before)));
}, 120_000);

afterAll(async () => {
  await browser?.close();
  rmSync(directory, { recursive: true, force: true });
});

afterEach(async () => {
  const found = complaints;
  complaints = [];
  await Promise.all(browser.contexts().map((context) => context.close()));
  expect(found, 'no console error, no violation of the policy, no request').toEqual([]);
});

async function open(options: BrowserContextOptions = {}, hash = ''): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(5_000);
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== url && !request.url().startsWith('data:')) complaints.push(request.url());
  });
  await page.goto(`${url}${hash}`);
  return page;
}

const rows = (page: Page) => page.locator('#calls-table > tbody:visible');
const count = (page: Page) => page.locator('#filter-count').textContent();
const article = (page: Page, key: string) => page.locator(`article[aria-label="Timeline of ${key}"]`);
const opener = (page: Page, key: string) => page.getByRole('button', { name: key, exact: true });

describe('the report in Chromium', () => {
  it('is drawn: histogram, points, marks, all with a size', async () => {
    const page = await open();
    await opener(page, FLIPPED).click();
    const bars = await page.locator('#times rect.bar').all();
    expect(bars.length).toBeGreaterThan(4);
    const shapes = [
      ...bars,
      ...(await article(page, FLIPPED).locator('path.sum, .asked circle, .decided, .limit').all()),
    ];
    expect(shapes.length).toBeGreaterThan(bars.length + 8);
    for (const shape of shapes) {
      const box = await shape.boundingBox();
      expect((box?.width ?? 0) + (box?.height ?? 0)).toBeGreaterThan(2);
    }
    const names = await page
      .locator('svg[role="img"]')
      .evaluateAll((all) =>
        all.map((svg) =>
          (svg.getAttribute('aria-labelledby') ?? '')
            .split(' ')
            .every((id: string) => svg.querySelector(`#${id}`)?.textContent),
        ),
      );
    expect(names.every(Boolean)).toBe(true);
  });

  it('filters by words and chips, says how many are left, and sorts', async () => {
    const page = await open();
    expect(await rows(page).count()).toBe(FIXTURES.length);
    await page.getByLabel('Find in names, words, reasons').fill('warranty');
    expect(await rows(page).count()).toBe(1);
    expect(await count(page)).toBe('1 of 12 calls shown');
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByRole('button', { name: 'person 7' }).click();
    expect(await rows(page).count()).toBe(7);
    await page.getByRole('button', { name: 'ar 1' }).click();
    expect(await count(page)).toBe('1 of 12 calls shown');
    await page.getByRole('button', { name: 'Show all' }).click();
    expect(await count(page)).toBe('All 12 calls shown');
    const points = () =>
      rows(page).evaluateAll((all) =>
        all.map((row) => Number((row as unknown as { dataset: { points: string } }).dataset.points)),
      );
    await page.getByRole('button', { name: 'Points', exact: true }).click();
    const sorted = await points();
    expect(sorted).toEqual([...sorted].sort((a, b) => a - b));
    await page.getByRole('button', { name: 'Points', exact: true }).click();
    expect(await points()).toEqual([...sorted].reverse());
  });

  it('opens a timeline by click and by keyboard', async () => {
    const page = await open();
    const key = 'fixtures/robocall-car-warranty';
    expect(await article(page, key).isVisible()).toBe(false);
    await opener(page, key).click();
    expect(await article(page, key).isVisible()).toBe(true);
    expect(await opener(page, key).getAttribute('aria-expanded')).toBe('true');
    await opener(page, key).focus();
    await page.keyboard.press('Space');
    expect(await article(page, key).isVisible()).toBe(false);
    await page.keyboard.press('Enter');
    expect(await article(page, key).isVisible()).toBe(true);
    expect(await article(page, key).locator('mark').first().textContent()).not.toBe('');
  });

  it('opens the call that a link names, from outside and from within, even when it is filtered away', async () => {
    const page = await open({}, `#call-${FLIPPED}`);
    expect(await article(page, FLIPPED).isVisible()).toBe(true);
    const other = await open();
    await other.getByLabel('Find in names, words, reasons').fill('nothing has these words');
    expect(await count(other)).toBe('0 of 12 calls shown');
    await other.locator('#changes .card a').first().click();
    await expect.poll(() => article(other, FLIPPED).isVisible()).toBe(true);
    expect(await article(other, FLIPPED).evaluate((one) => one === one.ownerDocument.activeElement)).toBe(true);
  });

  it('shows two runs of a call side by side, and one below the other where it is narrow', async () => {
    for (const [width, beside] of [
      [1280, true],
      [400, false],
    ] as const) {
      const page = await open({ viewport: { width, height: 900 } }, `#call-${FLIPPED}`);
      const [left, right] = await Promise.all(
        [0, 1].map((i) => article(page, FLIPPED).locator('.side').nth(i).boundingBox()),
      );
      expect(left?.height).toBeGreaterThan(100);
      expect(right?.height).toBeGreaterThan(100);
      expect((right?.x ?? 0) >= (left?.x ?? 0) + (left?.width ?? 0)).toBe(beside);
      expect((right?.y ?? 0) >= (left?.y ?? 0) + (left?.height ?? 0)).toBe(!beside);
    }
  });

  it('is no wider than a telephone, with everything open', async () => {
    const page = await open({ viewport: { width: 400, height: 800 } });
    await page.getByRole('button', { name: 'Open those shown' }).click();
    expect(await article(page, FLIPPED).isVisible()).toBe(true);
    await page.locator('.as-table summary').click();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(400);
    const wide = 'main p, main li, main dd, main summary, main svg, main svg text';
    const outside = await page
      .locator(wide)
      .evaluateAll(
        (all) => all.filter((one) => !one.closest('.scroll') && one.getBoundingClientRect().right > 401).length,
      );
    expect(outside).toBe(0);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`has readable contrast, ${colorScheme}`, async () => {
      const page = await open({ colorScheme });
      await page.getByRole('button', { name: 'Open those shown' }).click();
      const places = [
        'body',
        'td',
        'th',
        '.meta',
        '.tag',
        '.note',
        'a',
        '.verdict strong',
        '.confusion .wrong',
        '.confusion .right',
        'mark',
        '.words',
        '.signals .points',
        '.gates .failed .meta',
        '.standing',
        'button',
      ];
      for (const place of places) {
        const found = await page.locator(place).first().evaluate(coloursOf);
        expect(contrast(found.text, found.back), `${place}: ${found.text} on ${found.back}`).toBeGreaterThanOrEqual(
          4.5,
        );
      }
      const { back } = await page.locator('body').evaluate(coloursOf);
      expect(luminance(back) < 0.2).toBe(colorScheme === 'dark');
    });
  }

  it('prints: no filter, tables stay, what is open is printed', async () => {
    const page = await open({ colorScheme: 'dark' }, `#call-${FLIPPED}`);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#filter').isVisible()).toBe(false);
    expect(await page.locator('table.confusion').isVisible()).toBe(true);
    expect(await rows(page).count()).toBe(FIXTURES.length);
    expect(await article(page, FLIPPED).isVisible()).toBe(true);
    const { text, back } = await page.locator('body').evaluate(coloursOf);
    expect(luminance(text)).toBeLessThan(luminance(back));
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.length).toBeGreaterThan(20_000);
  });

  it('is whole without a script', async () => {
    const page = await open({ javaScriptEnabled: false });
    expect(await page.locator('#filter').isVisible()).toBe(false);
    await page.locator('summary', { hasText: FLIPPED }).click();
    expect(await article(page, FLIPPED).isVisible()).toBe(true);
  });

  it('has headings in order, landmarks, and each id once', async () => {
    const page = await open();
    const levels = await page
      .locator('h1, h2, h3, h4')
      .evaluateAll((all) => all.map(({ tagName }) => Number(tagName[1])));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    const skipped = levels.filter((level, i) => level - (levels[i - 1] ?? 0) > 1);
    expect(skipped).toEqual([]);
    for (const role of ['banner', 'navigation', 'main', 'contentinfo', 'search'] as const) {
      expect(await page.getByRole(role).count(), role).toBe(1);
    }
    const ids = await page.locator('[id]').evaluateAll((all) => all.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

/** Text colour of an element, and the first background behind it that is not see-through; runs in the page. */
function coloursOf(element: unknown): { text: string; back: string } {
  interface Box {
    readonly parentElement: Box | null;
  }
  const style = (globalThis as unknown as { getComputedStyle(of: Box): { color: string; backgroundColor: string } })
    .getComputedStyle;
  const first = element as Box;
  let back = 'rgb(255, 255, 255)';
  for (let one: Box | null = first; one !== null; one = one.parentElement) {
    const { backgroundColor } = style(one);
    if (backgroundColor === 'rgba(0, 0, 0, 0)') continue;
    back = backgroundColor;
    break;
  }
  return { text: style(first).color, back };
}

/** Relative luminance and contrast as WCAG 2 defines them. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? []).map((part) => {
    const value = Number(part) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}
