// May text be generated for this request? Asked before every call to a model: endpoint, policy, consent, anonymity, budget.
import type { Platform } from '../platform.ts';
import type { ConsentReading } from './consent.ts';
import { type Deidentified, scrubber } from './deidentify.ts';
import { type Budget, memoryBudget } from './limits.ts';
import { type Model, openModel } from './model.ts';
import { type Message, tokensIn } from './prompt.ts';
import type { ConsultRequest } from './request.ts';

const TOKENS_PER_DAY = 20_000_000;
const ownBudget = memoryBudget();

export type GateRequest = Pick<ConsultRequest, 'chart' | 'policy' | 'models' | 'budget'>;

/** The models that the settings name: `OPENAI_MODEL` may hold two, with a comma. */
export function modelsOf(request: GateRequest, platform: Platform): Model[] {
  if (request.models) return request.models;
  const { OPENAI_API_KEY: key, OPENAI_BASE_URL: baseURL, OPENAI_MODEL: names } = platform.settings;
  if (!key && !baseURL) return [];
  return (names ?? 'gpt-5-mini')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
    .slice(0, 2)
    .map((model) => openModel({ key, baseURL, model }, platform));
}

/** Why not, when the request itself rules it out. */
export function offReason(
  { policy }: GateRequest,
  models: readonly Model[],
  consent: ConsentReading,
): string | undefined {
  if (models.length === 0) return 'No model is configured: what you see is the knowledge base alone.';
  if (policy?.generative === false) return 'Generated text is switched off here.';
  return consent.generative ? undefined : consent.reason;
}

/** The last look at what would leave. */
export const isAnonymous = ({ chart }: GateRequest, { facts, notes, question }: Deidentified): boolean =>
  !scrubber(chart.source).leaks(JSON.stringify({ facts, notes, question }));

export interface Purse {
  canPay(messages: readonly Message[]): Promise<boolean>;
  pay(tokens: number): Promise<void>;
}

export function purseOf({ policy, budget }: GateRequest, platform: Platform): Purse {
  const purse: Budget = budget ?? ownBudget;
  const tenant = policy?.tenant ?? 'default';
  const day = platform.now().toISOString().slice(0, 10);
  return {
    canPay: async (messages) =>
      ((await settled(() => purse.used(tenant, day))) ?? 0) + tokensIn(messages) <=
      (policy?.tokensPerDay ?? TOKENS_PER_DAY),
    pay: async (tokens) => settled(() => purse.add(tenant, day, tokens)),
  };
}

/** A broken store is no reason to have no consult. */
export async function settled<T>(work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}
