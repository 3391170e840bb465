// The sandbox EHR in Chromium: from the worklist to a signed order, with keyboard and mouse, and what may not happen on the way.
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { looks, violations } from '../support/accessible.ts';
import { launchStrict } from '../support/browser.ts';
import { startEhr } from './ehr-support.ts';

const browser: Browser | undefined = await launchStrict();
if (!browser) console.warn('SKIPPED: no Chromium starts here. Set CHROMIUM_PATH to run the browser tests.');

describe.skipIf(!browser)('the sandbox EHR page', { timeout: 60_000 }, () => {
  let ehr: Awaited<ReturnType<typeof startEhr>>;
  let page: Page;
  let errors: string[];

  beforeAll(async () => {
    ehr = await startEhr();
  }, 60_000);
  afterAll(async () => {
    await ehr.stop();
    await browser!.close();
  });
  beforeEach(async () => {
    ehr.heard.length = 0;
    errors = [];
    page = await browser!.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(`${ehr.ehrOrigin}/ehr/`);
    await page.locator('.story').first().waitFor();
  });
  afterEach(async () => {
    await page.close();
    expect(errors).toEqual([]);
  });

  const hooks = () => ehr.heard.filter(({ path }) => !path.endsWith('/feedback')).map(({ body }) => body.hook);
  const feedback = () => ehr.heard.filter(({ path }) => path.endsWith('/feedback')).map(({ body }) => body.feedback[0]);
  const open = async (id = 'halloran') => {
    await page.locator(`[data-patient=${id}]`).click();
    await page.getByText('Potassium 5.3, on lisinopril').waitFor();
  };
  const prescribe = async () => {
    await page.locator('.try').click();
    await page.getByRole('heading', { name: 'Warfarin: serious bleeding risk' }).waitFor();
  };
  const signButton = () => page.locator('.composer').getByRole('button', { name: /^Sign/ });

  it('lists the patients by the urgency the service computed, with name and story; whoever could not be read first', async () => {
    await page.locator('.story .pill', { hasText: 'Now' }).waitFor();
    const words = await page.locator('.story .pill').allTextContents();
    expect(words.length).toBeGreaterThanOrEqual(14);
    expect(words.slice(0, 5)).toEqual(['Not read', 'Now', 'Urgent', 'Soon', 'Routine']);
    expect(await page.locator('.story').nth(1).textContent()).toContain('NEWS2 9, up from 3');
    await page.getByText('HALLORAN, Marguerite').waitFor();
  });

  it('shows the emergency department alone, with those nobody knows about', async () => {
    await page.locator('.story .pill', { hasText: 'Now' }).waitFor();
    await page.getByLabel('Emergency only').check();
    expect(await page.locator('[data-patient=everly]').count()).toBe(0);
    expect(await page.locator('[data-patient=yarrow]').count()).toBe(1);
  });

  it('fires patient-view with prefetch, server and a token that reads this patient only', async () => {
    await open();
    expect(hooks()).toEqual(['patient-view']);
    const { fhirServer, fhirAuthorization, context, prefetch } = ehr.heard[0]!.body;
    expect(fhirServer).toBe(`${ehr.ehrOrigin}/fhir/R4`);
    expect(fhirAuthorization).toMatchObject({ token_type: 'Bearer', scope: 'user/*.rs', patient: 'halloran' });
    expect(context).toEqual({ userId: 'Practitioner/okafor', patientId: 'halloran', encounterId: 'halloran-visit' });
    expect(prefetch.patient.id).toBe('halloran');
    const read = async (path: string) =>
      (await fetch(`${fhirServer}/${path}`, { headers: { authorization: `Bearer ${fhirAuthorization.access_token}` } }))
        .status;
    expect([await read('Patient/halloran'), await read('Patient/everly')]).toEqual([200, 403]);
  });

  it('goes from choosing to a decided, signed order: accept', async () => {
    await open();
    await prescribe();
    const select = ehr.heard.find(({ body }) => body.hook === 'order-select')!.body;
    expect(select.context.selections).toEqual(['MedicationRequest/draft-1']);
    expect(select.context.draftOrders.entry[0].resource).toMatchObject({
      status: 'draft',
      dosageInstruction: [{ timing: { repeat: { frequency: 2 } } }],
    });

    await signButton().click();
    const dialog = page.locator('dialog[open]');
    await dialog.waitFor();
    expect(await dialog.getByRole('button', { name: 'Sign', exact: true }).isDisabled()).toBe(true);
    await dialog.getByRole('button', { name: 'Switch to ceftriaxone 1 g IV' }).click();
    await page.getByText('Nothing needs you on this order.').waitFor();
    expect(await page.getByLabel('Drug or test').inputValue()).toBe('ceftriaxone 1000 MG Injection');
    expect(feedback()).toMatchObject([{ card: 'c1', outcome: 'accepted', acceptedSuggestions: [{ id: 's1' }] }]);

    await signButton().click();
    await page.getByText('Order signed.').waitFor({ state: 'attached' });
    await page
      .locator('.panel', { hasText: 'Active medications' })
      .getByText('ceftriaxone 1000 MG Injection')
      .waitFor();
    expect(hooks().at(-1)).toBe('order-sign');
  });

  it('goes from choosing to a decided, signed order: override, by keyboard alone', async () => {
    await open();
    await page.getByLabel('Drug or test').focus();
    await page.keyboard.type('tmp-smx');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Warfarin: serious bleeding risk' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('dialog[open]').waitFor();
    const isInDialog = () =>
      page.evaluate(
        'document.querySelector("dialog[open]").contains(document.activeElement) || document.activeElement === document.body',
      );
    for (let presses = 0; presses < 12; presses++) {
      await page.keyboard.press('Tab');
      expect(await isInDialog()).toBe(true);
    }
    const dialog = page.locator('dialog[open]');
    await dialog.getByRole('button', { name: 'Override' }).focus();
    await page.keyboard.press('Enter');
    await dialog.getByLabel('I will monitor').focus();
    await page.keyboard.press('2');
    await page.keyboard.press('Enter');
    await dialog.getByText('All decided').waitFor();
    await dialog.getByRole('button', { name: 'Sign', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Order signed.').waitFor({ state: 'attached' });
    expect(feedback()).toMatchObject([
      { card: 'c1', outcome: 'overridden', overrideReason: { reason: { code: 'monitor', display: 'I will monitor' } } },
    ]);
  });

  it('needs a reason for a Stop card and lets Escape go back to the order', async () => {
    await open();
    await prescribe();
    await signButton().click();
    const dialog = page.locator('dialog[open]');
    await dialog.getByRole('button', { name: 'Override' }).click();
    await dialog.locator('form').getByRole('button', { name: 'Override' }).focus();
    await page.keyboard.press('Enter');
    await dialog.getByText('A Stop card needs a reason.').waitFor();
    await dialog.getByRole('heading').first().focus();
    await page.keyboard.press('Escape');
    await page
      .locator('dialog[open]')
      .waitFor({ state: 'detached' })
      .catch(() => {});
    expect(await page.locator('dialog[open]').count()).toBe(0);
    expect(feedback()).toEqual([]);
  });

  it('waits 300 ms while the sig is typed, and asks once', async () => {
    await open();
    await prescribe();
    const before = hooks().length;
    await page.getByLabel('Dose and how often').fill('');
    await page.getByLabel('Dose and how often').pressSequentially('2 tablets once daily', { delay: 10 });
    await expect.poll(() => hooks().length).toBeGreaterThan(before);
    await page.getByText('Checking', { exact: false }).waitFor({ state: 'detached' });
    expect(hooks().length - before).toBeLessThanOrEqual(2);
    expect(ehr.heard.at(-1)!.body.context.draftOrders.entry[0].resource.dosageInstruction[0]).toMatchObject({
      text: '2 tablets once daily',
      doseAndRate: [{ doseQuantity: { value: 2 } }],
    });
  });

  it('shows markdown as elements and never runs what is in a card', async () => {
    await open();
    await prescribe();
    await page.locator('.cards strong', { hasText: 'warfarin' }).waitFor();
    expect(await page.locator('.cards img').count()).toBe(0);
    expect(await page.title()).not.toBe('1');
  });

  it('launches with a fresh handle each time, and takes the frame away before the next patient', async () => {
    await open();
    await prescribe();
    await page.getByRole('button', { name: 'Open in the panel' }).click();
    const handle = () => page.frameLocator('iframe').locator('#launch').textContent();
    const first = await handle();
    expect(first).toMatch(/^[\w-]{43}$/);
    await page.getByRole('button', { name: 'Open in the panel' }).click();
    await expect.poll(handle).not.toBe(first);
    await page.getByRole('button', { name: 'Change patient' }).click();
    expect(await page.locator('iframe').count()).toBe(0);
    await page.getByRole('heading', { name: 'Worklist' }).waitFor();
  });

  it('answers the frame it opened and drops a message without the handle', async () => {
    await open();
    await prescribe();
    const minted = page.waitForResponse((response) => response.url().endsWith('/ehr/api/launch'));
    await page.getByRole('button', { name: 'Open panel' }).click();
    const { messagingHandle } = (await (await minted).json()) as { messagingHandle: string };
    const frame = page.frameLocator('iframe');
    await frame.locator('#launch').waitFor();
    const post = async (handle: string, messageId: string, messageType: string, payload: object) =>
      await frame.locator('body').evaluate((_, { origin, ...message }) => parent.postMessage(message, origin), {
        origin: ehr.ehrOrigin,
        messagingHandle: handle,
        messageId,
        messageType,
        payload,
      });
    await post('wrong', 'm0', 'scratchpad.read', {});
    await post(messagingHandle, 'm1', 'scratchpad.create', {
      resource: { resourceType: 'ServiceRequest', status: 'draft', intent: 'order', code: { text: 'INR in 3 days' } },
    });
    const reply = JSON.parse((await frame.locator('li').first().textContent())!) as { origin: string; data: object };
    expect(reply).toMatchObject({
      origin: ehr.ehrOrigin,
      data: { responseToMessageId: 'm1', payload: { status: '201 CREATED', location: 'ServiceRequest/draft-2' } },
    });
    await page.locator('.drafts').getByText('INR in 3 days').first().waitFor();
    expect(await frame.locator('li').count()).toBe(1);
  });

  it('says when the check failed and does not stop the clinician', async () => {
    await open();
    await page.locator('.options summary').click();
    await page.getByLabel('Service down').check();
    await page.keyboard.press('Escape');
    await page.locator('.try').click();
    await page.getByText('Order check failed').first().waitFor();
    await signButton().click();
    await page.locator('dialog[open]').getByRole('button', { name: 'Sign without the check' }).click();
    await page.getByText('Order signed.').waitFor({ state: 'attached' });
  });

  it('leaves prefetch out when told to', async () => {
    await page.locator('.options summary').click();
    await page.getByLabel('No prefetch').check();
    await open();
    expect(ehr.heard[0]!.body).not.toHaveProperty('prefetch');
  });

  it('shows no token in the traffic pane', async () => {
    await open();
    await page.locator('.traffic summary', { hasText: 'chart-review' }).last().click();
    await page.locator('.traffic pre', { hasText: '(not shown)' }).waitFor();
    expect(await page.locator('.traffic').textContent()).not.toContain(
      ehr.heard[0]!.body.fhirAuthorization.access_token,
    );
  });

  it('guides in five steps and lets itself be skipped', async () => {
    await page.getByRole('button', { name: 'Take the tour, 5 steps' }).click();
    const tour = page.getByRole('region', { name: 'Guided tour' });
    await tour.getByText('1 of 5').waitFor();
    await tour.getByRole('button', { name: 'Next' }).click();
    await tour.getByRole('button', { name: 'Open the first chart' }).click();
    await page.locator('.composer').waitFor();
    await tour.getByText('2 of 5').waitFor();
    await tour.getByRole('button', { name: 'Next' }).click();
    await tour.getByRole('button', { name: 'Write the suggested order' }).click();
    await page.getByRole('heading', { name: 'Warfarin: serious bleeding risk' }).waitFor();
    await tour.getByRole('button', { name: 'Skip the tour' }).click();
    expect(await tour.count()).toBe(0);
  });

  it('cannot be framed and allows no foreign script', async () => {
    const policy = (await fetch(`${ehr.ehrOrigin}/ehr/`)).headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it('sends a visitor of the panel address to the EHR address', async () => {
    // The first page is left before it has loaded: its own loading is of no interest.
    await page.goto(`${ehr.panelOrigin}/ehr/`, { waitUntil: 'commit' });
    await expect.poll(() => page.url()).toBe(`${ehr.ehrOrigin}/ehr/`);
    await page.locator('.story').first().waitFor();
    errors.length = 0;
  });

  it.each(looks([320, 1280]))(
    'has no accessibility violation and no sideways scrolling, %s at %i',
    async (theme, width) => {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${ehr.ehrOrigin}/ehr/?theme=${theme}`);
      await page.locator('.story').first().waitFor();
      await expectAccessible('worklist');
      await open();
      await prescribe();
      await page.getByRole('button', { name: 'Potassium 5.3, on lisinopril' }).click();
      await page.locator('.cards').first().getByRole('button', { name: 'Override' }).click();
      await expectAccessible('chart');
      await signButton().click();
      await page.locator('dialog[open]').waitFor();
      await expectAccessible('dialog');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Open panel' }).click();
      await page.locator('iframe').waitFor();
      await page.locator('.options summary').click();
      await expectAccessible('side frame and options', { include: [['.ehr']], exclude: [['iframe']] });
    },
  );

  async function expectAccessible(where: string, within?: Parameters<typeof violations>[1]): Promise<void> {
    expect(await violations(page, within), where).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${where} scrolls sideways`).toBe(
      true,
    );
  }
});
