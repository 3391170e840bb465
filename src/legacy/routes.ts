// POST /hl7v2 and POST /ccda: an older message or document as text; the answer has the cards of a hook, and what could not be
// taken over. From the mapped request on, everything is as for a hook.
import type { Context, Hono } from 'hono';
import type { CdsResponse } from '../cds-hooks/contract.ts';
import { type HookRequest, readEnvelope } from '../cds-hooks/envelope.ts';
import { refuse } from '../outcome.ts';
import type { Service } from '../service.ts';
import { mapDocument } from './ccda.ts';
import { mapMessage } from './hl7v2.ts';
import type { Mapped } from './mapped.ts';

interface LegacyRoutes {
  services: readonly Service[];
  uuid: () => string;
  /** The body, bounded. */
  // biome-ignore lint/suspicious/noExplicitAny: any app of ours has the variables that are needed
  text: (c: Context<any>) => Promise<string>;
  // biome-ignore lint/suspicious/noExplicitAny: see above
  answer: (c: Context<any>, service: Service, request: HookRequest) => Promise<CdsResponse>;
}

// biome-ignore lint/suspicious/noExplicitAny: see above
export function legacyRoutes(app: Hono<any>, { services, uuid, text, answer }: LegacyRoutes): void {
  app.post('/hl7v2', async (c) => respond(c, await readMessage(await text(c))));
  app.post('/ccda', async (c) => respond(c, mapDocument(await text(c))));

  async function respond(c: Context, mapped: Mapped | { problem: string }): Promise<Response> {
    if ('problem' in mapped) return refuse({ reason: 'malformed', what: mapped.problem });
    const { hook, context, prefetch, notMapped, notKnown } = mapped;
    const offered =
      services.find(({ hooks }) => (hooks as string[]).includes(hook)) ??
      refuse({ reason: 'malformed', what: `No service of ours answers ${hook}.` });
    // A message never holds the whole medication list: what a hook requires is here asked for and, where it is missing, named.
    const service: Service = {
      ...offered,
      required: ['patient'],
      helpful: [...new Set([...offered.required, ...offered.helpful])].filter((part) => part !== 'patient'),
    };
    const body = { hook, hookInstance: uuid(), context, prefetch };
    const answered = await answer(c, service, readEnvelope(body, { isHook: true }));
    return c.json({
      ...answered,
      service: service.id,
      hook,
      notMapped,
      notKnown,
      ...(c.req.query('show') === 'request' && { request: body }),
    });
  }
}

const fileSeparator = String.fromCharCode(28);

async function readMessage(text: string): Promise<Mapped | { problem: string }> {
  // Loaded when the first message comes: most sites never send one.
  const { Hl7Message } = await import('@medplum/core');
  // MLLP puts a vertical tab before a message, which is white space, and a file separator behind it, which is not.
  const message = text
    .split(fileSeparator)[0]!
    .trim()
    .replace(/\r\n|\n/g, '\r');
  if (!message.startsWith('MSH')) return { problem: 'The body is no HL7 v2 message: it must begin with MSH.' };
  return mapMessage(Hl7Message.parse(message));
}
