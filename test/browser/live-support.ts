// A person at the real product: opens charts in the sandbox EHR, writes orders, launches the panel beside them.
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';

export interface Served {
  publicUrl: string;
  sandboxUrl: string;
}

// biome-ignore lint/suspicious/noExplicitAny: whatever went over the wire
export type Sent = { path: string; status: number; body: any };

/** Chromium started by hand keeps its ordinary rules only in its own context: a new one would be private browsing. */
export const contextOf = (browser: Browser, isOrdinary: boolean): Promise<BrowserContext> | BrowserContext =>
  isOrdinary
    ? browser.contexts()[0]!
    : browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });

export class Visit {
  readonly page: Page;
  readonly served: Served;
  /** Every POST of the EHR and the panel to the services, in order of the answers. */
  readonly sent: Sent[] = [];
  readonly trouble: string[] = [];

  constructor(page: Page, served: Served) {
    this.page = page;
    this.served = served;
    page.on('pageerror', (error) => this.trouble.push(error.message));
    page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      if (response.request().method() !== 'POST') return;
      const text = response.request().postData();
      this.sent.push({
        path: pathname,
        status: response.status(),
        body: text?.startsWith('{') ? JSON.parse(text) : text,
      });
    });
  }

  /** From the worklist to the chart, as far as patient-view has answered. */
  async open(patient: string): Promise<void> {
    await this.page.goto(`${this.served.sandboxUrl}/ehr/`);
    await this.openFromWorklist(patient);
  }

  async openFromWorklist(patient: string): Promise<void> {
    const answered = this.page.waitForResponse(
      (response) => /cds-services\/chart-review$/.test(response.url()) && response.request().method() === 'POST',
    );
    await this.page.locator(`[data-patient=${patient}]`).click();
    await answered;
    await this.page.locator('.composer').waitFor();
  }

  /** The order that the patient's story is about, as far as its cards are there. */
  async prescribe(): Promise<void> {
    await this.page.locator('.try').click();
    await this.orderCards().locator('.item').first().waitFor();
  }

  orderCards = () => this.page.getByRole('region', { name: 'For the orders you are writing' });
  signButton = () => this.page.locator('.composer').getByRole('button', { name: /^Sign/ });
  dialog = () => this.page.locator('dialog[open]');
  panel = () => this.page.frameLocator('iframe[title="Curbside panel"]');
  name = () => this.panel().locator('.strip b').first();
  feedback = () => this.sent.filter(({ path }) => path.endsWith('/feedback')).flatMap(({ body }) => body.feedback);

  async openPanel(): Promise<void> {
    await this.page.getByRole('button', { name: 'Open panel' }).click();
    await this.name().waitFor();
  }

  /** The panel as a frame of its own process, for scripts and for focus. */
  frame(): Frame {
    return this.page.frames().find((frame) => frame.url().startsWith(`${this.served.publicUrl}/panel/`))!;
  }
}

export async function visit(context: BrowserContext, served: Served): Promise<Visit> {
  return new Visit(await context.newPage(), served);
}

/** A launch handle as the EHR page mints it. */
export async function mintLaunch({ sandboxUrl, publicUrl }: Served, patient: string): Promise<string> {
  const answer = await fetch(`${sandboxUrl}/ehr/api/launch`, {
    method: 'POST',
    headers: { origin: sandboxUrl, 'content-type': 'application/json' },
    body: JSON.stringify({ patient }),
  });
  const { launch, iss } = (await answer.json()) as { launch: string; iss: string };
  return `${publicUrl}/smart/launch?iss=${encodeURIComponent(iss)}&launch=${launch}`;
}

/** The signed orders that the FHIR server holds, by the name of the drug. */
export async function activeOrders({ sandboxUrl }: Served, patient: string): Promise<string[]> {
  const session = await fetch(`${sandboxUrl}/ehr/api/session`, {
    method: 'POST',
    headers: { origin: sandboxUrl, 'content-type': 'application/json' },
    body: '{}',
  });
  const { access_token } = (await session.json()) as { access_token: string };
  const found = await fetch(`${sandboxUrl}/fhir/R4/MedicationRequest?patient=${patient}&status=active&_count=100`, {
    headers: { authorization: `Bearer ${access_token}` },
  });
  const { entry = [] } = (await found.json()) as {
    entry?: { resource: { medicationCodeableConcept?: { text?: string; coding?: { display?: string }[] } } }[];
  };
  return entry.map(
    ({ resource: { medicationCodeableConcept: drug } }) => `${drug?.text ?? ''} ${drug?.coding?.[0]?.display ?? ''}`,
  );
}
