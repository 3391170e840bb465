// The whole product in Chromium: real server, sandbox EHR on one site, panel on another. From the worklist to the signed order.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { start } from '../../src/node.ts';
import { launchOrdinary, launchStrict } from '../support/browser.ts';
import { type Lie, type LyingModel, startLyingModel } from '../support/lying-model.ts';
import { activeOrders, contextOf, mintLaunch, type Served, type Visit, visit } from './live-support.ts';

const strict = await launchStrict();
if (!strict) console.warn('SKIPPED: no Chromium starts here. Set CHROMIUM_PATH to run the browser tests.');
const ordinary = strict && (await launchOrdinary());

// Two cores may be shared with every other suite.
vi.setConfig({ testTimeout: 60_000 });
const soon = <Value>(value: () => Value) => expect.poll(value, { timeout: 15_000 });

let model: LyingModel;
let server: Awaited<ReturnType<typeof start>>;
let served: Served;

beforeAll(async () => {
  if (!strict) return;
  model = await startLyingModel({ honest: true, slowMs: 60_000 });
  server = await start({
    PORT: '0',
    DATA_DIR: ':memory:',
    OPENAI_API_KEY: 'test',
    OPENAI_BASE_URL: `${model.url}/v1`,
    OPENAI_MODEL: 'lying-model-1',
  });
  served = { publicUrl: server.publicUrl, sandboxUrl: server.sandboxUrl! };
});
afterAll(async () => {
  await Promise.all([strict?.close(), ordinary?.close()]);
  await model?.close();
  await server?.stop();
});

const setUps: [name: string, browser: Browser | undefined, isOrdinary: boolean][] = [
  ['strict', strict, false],
  ['ordinary', ordinary, true],
];

async function withVisit(
  work: (one: Visit) => Promise<void>,
  browser: Browser = strict!,
  isOrdinary = false,
): Promise<void> {
  const one = await visit(await contextOf(browser, isOrdinary), served);
  try {
    await work(one);
    expect(one.trouble).toEqual([]);
  } finally {
    await (isOrdinary ? one.page.close() : one.page.context().close());
  }
}

describe.each(setUps)('launched into a cross-site frame, %s', (_, browser, isOrdinary) => {
  it.skipIf(!browser)('from a card: shows the card, then the differential with the evidence behind each item', () =>
    withVisit(
      async (one) => {
        await one.open('castellanos');
        await one.prescribe();
        await one.orderCards().getByRole('button', { name: 'Open in Curbside' }).first().click();
        await one.name().filter({ hasText: 'CASTELLANOS' }).waitFor();
        const panel = one.panel();
        await panel.locator('article.stop h3').first().waitFor();
        expect(await panel.getByRole('tab', { name: /Cards/ }).innerText()).toContain('1');
        expect(await panel.getByText('This panel cannot see draft orders here').count()).toBe(0);
        await panel.getByRole('button', { name: /^Sildenafil/ }).click();
        await panel.getByRole('button', { name: 'Open in chart' }).first().click();
        await one.page
          .locator('.lines .spot')
          .filter({ hasText: /sildenafil/i })
          .waitFor();
        await panel.getByRole('tab', { name: 'Diagnosis' }).click();
        await panel.getByRole('heading', { name: 'Cannot miss' }).waitFor();
        await panel.locator('article.dx').first().waitFor();
        await panel.locator('.prov.ai').first().waitFor();
        await panel.locator('.chip.for').first().click();
        await panel.locator('.drawer .mono').first().waitFor();
        await one.page.locator('.traffic').getByText('scratchpad.read').first().waitFor();
      },
      browser,
      isOrdinary,
    ),
  );

  it.skipIf(!browser)('two charts side by side: after reloading both, each shows its own patient', async () => {
    const context = await contextOf(browser!, isOrdinary);
    const both = [await visit(context, served), await visit(context, served)] as const;
    try {
      await Promise.all([both[0].open('castellanos'), both[1].open('ferreira')]);
      await Promise.all(both.map((one) => one.openPanel()));
      await Promise.all(both.map((one) => one.frame().evaluate(() => location.reload())));
      await both[0].name().filter({ hasText: 'CASTELLANOS' }).waitFor();
      await both[1].name().filter({ hasText: 'FERREIRA' }).waitFor();
      expect(await both[0].frame().evaluate(() => location.hash)).toBe('');
    } finally {
      await Promise.all(both.map((one) => one.page.close()));
      if (!isOrdinary) await context.close();
    }
  });

  it.skipIf(!browser)('another patient relaunched in the same frame leaves nothing of the first', () =>
    withVisit(
      async (one) => {
        await one.open('castellanos');
        await one.openPanel();
        const address = await mintLaunch(served, 'ferreira');
        await one.page.locator('iframe').evaluate((frame, to) => {
          (frame as HTMLIFrameElement).src = to;
        }, address);
        await one.name().filter({ hasText: 'FERREIRA' }).waitFor();
        expect(await one.panel().locator('body').innerText()).not.toContain('CASTELLANOS');
      },
      browser,
      isOrdinary,
    ),
  );
});

describe.skipIf(!strict)('from the worklist to the signed order', () => {
  it('a Stop card has to be decided at signing; the reason and the words arrive, the order is on the chart', () =>
    withVisit(async (one) => {
      await one.open('castellanos');
      await one.prescribe();
      await one.signButton().click();
      await one.dialog().waitFor();
      const sign = one.dialog().getByRole('button', { name: 'Sign', exact: true });
      expect(await sign.isDisabled()).toBe(true);
      await one.dialog().getByRole('button', { name: 'Override' }).click();
      await one.dialog().getByRole('radio').last().check();
      await one
        .dialog()
        .getByLabel(/^Comment/)
        .fill('Last sildenafil was three weeks ago');
      await one.dialog().locator('form').getByRole('button', { name: 'Override' }).click();
      await one.dialog().getByText('All decided').waitFor();
      await sign.click();
      await one.page.getByText('Order signed.').waitFor({ state: 'attached' });
      expect(one.feedback()).toMatchObject([
        {
          outcome: 'overridden',
          overrideReason: {
            reason: { code: 'benefit-outweighs-risk' },
            userComment: 'Last sildenafil was three weeks ago',
          },
        },
      ]);
      expect(await recorded(one.feedback()[0].card)).toMatchObject([
        { outcome: 'overridden', reason: 'benefit-outweighs-risk' },
      ]);
      expect((await activeOrders(served, 'castellanos')).join()).toMatch(/nitroglycerin/i);
      expect(one.sent.map(({ body }) => body?.hook).filter(Boolean)).toEqual(
        expect.arrayContaining(['patient-view', 'order-select', 'order-sign']),
      );
    }));

  it("a suggestion taken in the panel changes the EHR's draft, is told as accepted, and is what gets signed", () =>
    withVisit(async (one) => {
      await one.page.clock.install();
      await one.open('ferreira');
      await one.prescribe();
      await one.openPanel();
      await one
        .panel()
        .getByRole('button', { name: /Azithromycin .* instead/ })
        .click();
      await soon(() => one.page.getByLabel('Drug or test').inputValue()).toMatch(/azithromycin/i);
      await one.panel().getByRole('button', { name: 'Undo' }).waitFor();
      await passUndo(one);
      expect(one.feedback()).toMatchObject([
        { outcome: 'accepted', acceptedSuggestions: [{ id: expect.any(String) }] },
      ]);
      expect(await recorded(one.feedback()[0].card)).toMatchObject([{ outcome: 'accepted' }]);
      await soon(() => one.orderCards().locator('.item.stop').count()).toBe(0);
      await one.signButton().click();
      await one.page.getByText('Order signed.').waitFor({ state: 'attached' });
      const orders = (await activeOrders(served, 'ferreira')).join();
      expect(orders).toMatch(/azithromycin/i);
      expect(orders).not.toMatch(/amoxicillin/i);
    }));

  it('override with monitoring: two drafts and one accepted', () =>
    withVisit(async (one) => {
      await one.page.clock.install();
      await one.open('brandvold');
      await one.prescribe();
      await one.openPanel();
      await override(one.panel(), /with warfarin/, 'I will monitor');
      await soon(() => one.page.locator('.drafts li').count()).toBe(2);
      await one.page.locator('.drafts').getByText(/INR/).first().waitFor();
      await passUndo(one);
      expect(one.feedback()).toMatchObject([
        { outcome: 'accepted', acceptedSuggestions: [{ id: expect.any(String) }] },
      ]);
    }));

  it('override without monitoring: one overridden, with code and comment, and the draft as it was', () =>
    withVisit(async (one) => {
      await one.page.clock.install();
      await one.open('brandvold');
      await one.prescribe();
      await one.openPanel();
      await override(one.panel(), /with warfarin/, /benefit outweighs/i, 'Culture shows nothing else works');
      expect(await one.page.locator('.drafts li').count()).toBe(1);
      await passUndo(one);
      expect(one.feedback()).toMatchObject([
        {
          outcome: 'overridden',
          overrideReason: {
            reason: { code: 'benefit-outweighs-risk' },
            userComment: 'Culture shows nothing else works',
          },
        },
      ]);
    }));
});

describe.skipIf(!strict)('leaving the panel', () => {
  it('sends at once what still waited for an undo', () =>
    withVisit(async (one) => {
      const count = async () => (await server.platform.sql.all('SELECT card FROM feedback')).length;
      await one.open('brandvold');
      await one.prescribe();
      await one.openPanel();
      const before = await count();
      await override(one.panel(), /with warfarin/, /benefit outweighs/i);
      expect(await count()).toBe(before);
      await one.page.getByRole('button', { name: /^Close/ }).click();
      await soon(count).toBe(before + 1);
    }));
});

describe.skipIf(!strict)('by keyboard alone', () => {
  it('prescribes, reads, overrides, thinks a what-if, drafts', () =>
    withVisit(async (one) => {
      const { page } = one;
      const { keyboard } = page;
      await one.open('brandvold');
      await one.openPanel();
      await page.getByLabel('Drug or test').focus();
      await keyboard.type('bactrim');
      await page.getByRole('option').first().waitFor();
      await keyboard.press('Enter');
      await one.orderCards().locator('.item').first().waitFor();
      await tabUntil(page, () => document.activeElement?.tagName === 'IFRAME', page);
      const frame = one.frame();
      // The panel hears of the order when the physician comes over to it.
      await frame
        .locator('article')
        .filter({ hasText: /with warfarin/ })
        .waitFor();
      await tabUntil(page, () => document.activeElement?.getAttribute('role') === 'tab', frame);
      const focused = () => frame.evaluate(() => document.activeElement?.textContent ?? '');
      // Whatever else the rules have to say about this chart is walked past.
      for (let presses = 0; presses < 8 && !/with warfarin/.test(await focused()); presses++) await keyboard.press('j');
      expect(await focused()).toMatch(/with warfarin/);
      await keyboard.press('e');
      await frame.locator('.drawer .mono').first().waitFor();
      await keyboard.press('Escape');
      await keyboard.press('o');
      await frame.getByRole('group', { name: /Why/ }).waitFor();
      await keyboard.press('1');
      await keyboard.press('Enter');
      await frame.getByRole('button', { name: 'Undo' }).waitFor();
      await keyboard.press('w');
      await soon(() => frame.getByRole('tab', { selected: true }).innerText()).toContain('What if');
      await frame.getByRole('group').first().waitFor();
      await tabUntil(page, () => document.activeElement?.textContent === 'Hold', frame);
      await keyboard.press('Enter');
      await frame.getByRole('heading', { name: 'Cards that change' }).waitFor();
      await tabUntil(page, () => /^Draft this order change/.test(document.activeElement?.textContent ?? ''), frame);
      await keyboard.press('Enter');
      await frame
        .getByText(/drafted\. Sign it in the chart/)
        .first()
        .waitFor();
    }));
});

describe.skipIf(!strict)('the record and the second opinion', () => {
  it('tells the record, sets the typed diagnosis against the rest, and sends it to no model', async () => {
    const page = await strict!.newPage();
    await page.goto(await mintLaunch(served, 'winterbourne'));
    await page.getByRole('tab', { name: 'Diagnosis' }).click();
    await page.locator('article.dx').first().waitFor();
    const yours = page.getByLabel('Your leading diagnosis');
    await yours.fill('Pulmonary embolism; Zebra fever');
    await yours.press('Enter');
    await page
      .locator('.agree')
      .filter({ hasText: /You and the knowledge base agree on .*only you list Zebra fever/ })
      .waitFor();
    await page.getByRole('button', { name: 'Summarise the record' }).click();
    await page.getByRole('heading', { name: 'Record summary' }).waitFor();
    await page.locator('.told .cite').first().click();
    await page.locator('.told .drawer').waitFor();
    expect(model.received.join()).not.toContain('Zebra');
    await page.close();
  });

  it('takes a drug by name in a what-if', async () => {
    const page = await strict!.newPage();
    await page.goto(await mintLaunch(served, 'lindqvist'));
    await page.getByRole('tab', { name: 'What if' }).click();
    await page.getByLabel('Drug', { exact: true }).selectOption('other');
    await page.getByLabel('Name, dose and how often').fill('ibuprofen 400 mg three times daily');
    await page.keyboard.press('Enter');
    await page
      .locator('.diff .ad')
      .filter({ hasText: /ibuprofen/i })
      .first()
      .waitFor();
    await page.close();
  });
});

describe.skipIf(!strict)('what must not happen', () => {
  it('a forged or borrowed callback and an unknown EHR are refused', async () => {
    const get = (path: string) => fetch(`${served.publicUrl}${path}`, { redirect: 'manual' });
    expect((await get('/smart/callback?code=x&state=forged')).status).toBe(400);
    expect((await get('/smart/launch?iss=https%3A%2F%2Fevil.example%2Ffhir&launch=x')).status).toBe(400);
    // A real state in a browser that did not start the launch.
    const begun = await fetch(await mintLaunch(served, 'everly'), { redirect: 'manual' });
    const state = new URL(begun.headers.get('location')!).searchParams.get('state')!;
    const borrowed = await get(`/smart/callback?code=x&state=${encodeURIComponent(state)}`);
    expect([borrowed.status, borrowed.headers.get('location')]).toEqual([400, null]);
    const elsewhere = new URL(begun.headers.get('location')!);
    elsewhere.searchParams.set('redirect_uri', 'https://evil.example/callback');
    const authorized = await fetch(elsewhere, { redirect: 'manual' });
    expect([authorized.status, authorized.headers.get('location')]).toEqual([400, null]);
  });

  it('messages from a window that is not the app, or not the EHR, change nothing', () =>
    withVisit(async (one) => {
      await one.open('ferreira');
      await one.prescribe();
      await one.openPanel();
      await one.panel().locator('article').first().waitFor();
      const resource = { resourceType: 'ServiceRequest', status: 'draft', intent: 'order', code: { text: 'Foreign' } };
      await one.page.evaluate((order) => {
        window.postMessage(
          { messagingHandle: 'x', messageId: 'm', messageType: 'scratchpad.create', payload: { resource: order } },
          '*',
        );
      }, resource);
      await one.frame().evaluate((order) => {
        window.postMessage({ messageId: 'm', responseToMessageId: 'm', payload: { scratchpad: [order] } }, '*');
        window.parent.postMessage(
          { messagingHandle: 'wrong', messageId: 'm', messageType: 'scratchpad.create', payload: { resource: order } },
          '*',
        );
      }, resource);
      // A round trip of a genuine message: what was to be heard was heard before it.
      await one.frame().evaluate(() => window.dispatchEvent(new Event('focus')));
      await soon(() => one.page.locator('.traffic').getByText('scratchpad.read').count()).toBeGreaterThan(1);
      expect(await one.page.locator('.drafts li').count()).toBe(1);
      expect(await one.panel().locator('body').innerText()).not.toContain('Foreign');
    }));

  it('a page of another site cannot frame the panel', async () => {
    const stranger = createServer((_, response) =>
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(`<iframe src="${served.publicUrl}/panel/"></iframe>`),
    );
    await new Promise<void>((ready) => stranger.listen(0, '127.0.0.1', ready));
    const page = await strict!.newPage();
    await page.goto(`http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`);
    await soon(() => page.frames()[1]?.url()).toContain('chrome-error');
    await page.close();
    stranger.close();
  });

  it('a session that is over says so and leaves nothing of the patient on the page', async () => {
    const page = await strict!.newPage();
    await page.goto(`${served.publicUrl}/panel/#s=not.a.session`);
    await page.getByRole('heading', { name: 'Session ended' }).waitFor();
    await page.goto(await mintLaunch(served, 'ferreira'));
    await page.locator('.strip').waitFor();
    await page.route('**/panel/fhir/**', (route) => route.fulfill({ status: 401, body: '{}' }));
    await page.getByRole('tab', { name: 'Trends' }).click();
    await page.getByRole('heading', { name: 'Session ended' }).waitFor();
    expect(await page.content()).not.toContain('FERREIRA');
    await page.close();
  });
});

describe.skipIf(!strict)('the model', () => {
  const differential = async (patient: string, mode: { lie?: Lie; honest?: boolean }) => {
    model.set(mode);
    const page = await strict!.newPage();
    await page.goto(await mintLaunch(served, patient));
    await page.getByRole('tab', { name: 'Diagnosis' }).click();
    await page.locator('article.dx').first().waitFor();
    return page;
  };
  const rulesStand = async (page: Page) => {
    expect(await page.locator('.prov.kb').count()).toBeGreaterThan(0);
    expect(await page.getByRole('heading', { name: 'Cannot miss' }).count()).toBe(1);
  };

  it('fast: its checked items join the rules', async () => {
    const page = await differential('halloran', { honest: true });
    await page.locator('.prov.ai').first().waitFor();
    await page.locator('.banner.ai').waitFor({ state: 'detached' });
    await rulesStand(page);
    await page.close();
  });

  it.each([
    ['slow', 'marchetti', 'slow'],
    ['silent', 'solberg', 'endless'],
  ] as const)('%s: rules are on screen meanwhile, and Stop works', async (_, patient, lie) => {
    const page = await differential(patient, { lie });
    await page.getByText('Waiting for the draft').waitFor();
    await rulesStand(page);
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByText('You stopped the draft.').waitFor();
    await rulesStand(page);
    await page.close();
  });

  it('lying: what did not stand up is withheld, and shown only when asked for', async () => {
    const page = await differential('abernathy', { lie: 'links' });
    await page.getByText(/AI statements? withheld/).waitFor();
    expect(await page.locator('.pane').innerText()).not.toContain('evil');
    await rulesStand(page);
    await page.close();
  });

  it('cut off: the rules are complete, and it can be tried again', async () => {
    const page = await differential('okonjo', { lie: 'closed' });
    await page.getByText('The AI draft did not finish').waitFor({ timeout: 25_000 });
    await rulesStand(page);
    model.set({ honest: true });
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.prov.ai').first().waitFor();
    await page.close();
  });
});

describe.skipIf(!strict)('budget', () => {
  it('asks the server at most three times before the first card', async () => {
    const page = await strict!.newPage();
    const asked: string[] = [];
    page.on('request', (request) => request.resourceType() === 'fetch' && asked.push(new URL(request.url()).pathname));
    await page.goto(await mintLaunch(served, 'abernathy'));
    await page.locator('article').first().waitFor();
    const before = asked.slice(0, asked.findIndex((path) => path.startsWith('/cds-services')) + 1);
    expect(before.length).toBeGreaterThan(0);
    expect(before.length).toBeLessThanOrEqual(3);
    await page.close();
  });
});

async function override(
  panel: FrameLocator,
  summary: RegExp,
  reason: string | RegExp,
  comment?: string,
): Promise<void> {
  const card = panel.locator('article').filter({ hasText: summary }).first();
  await card.locator('[data-head]').click();
  await card.getByRole('button', { name: 'Override…' }).click();
  await card.getByRole('radio', { name: reason }).check();
  if (reason === 'I will monitor') expect(await card.getByRole('checkbox').isChecked()).toBe(true);
  if (comment) await card.getByLabel('Comment, optional').fill(comment);
  await card.getByRole('button', { name: 'Override', exact: true }).click();
  await panel.getByRole('button', { name: 'Undo' }).waitFor();
}

/** The ten seconds in which a decision can be undone go by; the answer to the feedback is in. */
async function passUndo(one: Visit): Promise<void> {
  expect(one.feedback()).toEqual([]);
  await one.page.clock.fastForward(11_000);
  await soon(() => one.feedback().length).toBe(1);
  await one.panel().getByText('recorded').waitFor();
}

const recorded = (card: string) => server.platform.sql.all('SELECT outcome, reason FROM feedback WHERE card = ?', card);

/** Presses Tab until something holds in the page or the frame; fails when it never does. */
async function tabUntil(
  page: Page,
  holds: () => boolean,
  where: { evaluate(holds: () => boolean): Promise<boolean> },
): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    if (await where.evaluate(holds)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach it: ${holds}`);
}
