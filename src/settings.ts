// The settings, the same names as environment variables on Node and as vars or secrets on Workers.
import { z } from 'zod';

const url = z.url({ protocol: /^https?$/, error: 'is not an http or https URL' });
const onOff = z.enum(['on', 'off'], { error: 'must be "on" or "off"' });

export const settingsSchema = z.object({
  PORT: z.coerce.number().int().min(0).max(65535).default(8787),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: z.string().min(1).default('.curbside/'),
  /** The address clients reach us at; needed behind a proxy. */
  PUBLIC_URL: url.optional(),
  /** Where the sandbox EHR is reached; another host name than PUBLIC_URL, so that the two are two sites. */
  SANDBOX_URL: url.optional(),
  OPENAI_API_KEY: z.string().min(1).optional(),
  OPENAI_BASE_URL: url.optional(),
  OPENAI_MODEL: z.string().min(1).optional(),
  /** Whether scrubbed notes may be sent to the model. */
  MODEL_NOTES: onOff.default('off'),
  TRUSTED_FHIR_SERVERS: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((entry) => entry.trim())
        .filter(Boolean),
    )
    .pipe(z.array(url)),
  CDS_CLIENTS: z.string().min(1).optional(),
  /** EHRs that may launch the panel: JSON, a list of {"iss", "clientId", "frameAncestors"}. Each `iss` is a trusted FHIR server. */
  SMART_EHRS: z.string().min(1).optional(),
  SANDBOX: onOff.optional(),
  /** A folder that `npm run patients` wrote: these people are in the sandbox too. */
  SANDBOX_PATIENTS: z.string().min(1).optional(),
  NODE_ENV: z.string().optional(),
  RULES_DIR: z.string().min(1).optional(),
  /** An RxNav-compatible server that names drug codes we lack; it is sent codes and nothing else. */
  TERMINOLOGY_URL: url.optional(),
  /** How long a chart waits for it; what comes later is there for the next request. */
  TERMINOLOGY_DEADLINE_MS: z.coerce.number().int().min(1).max(5000).default(250),
  /** How long the chart may take to open before a required part is out of reach. */
  CHART_DEADLINE_MS: z.coerce.number().int().min(50).max(60_000).default(4000),
  MAX_BODY_BYTES: z.coerce.number().int().min(1000).default(20_000_000),
  MAX_BYTES_IN_FLIGHT: z.coerce.number().int().min(1000).default(200_000_000),
  MAX_REQUESTS_IN_FLIGHT: z.coerce.number().int().min(1).default(512),
  /** Comma list of secrets, newest first, that seal panel sessions and appContext. */
  SESSION_KEYS: z
    .string()
    .optional()
    .transform((list) =>
      list
        ?.split(',')
        .map((key) => key.trim())
        .filter(Boolean),
    ),
  /** Opens the ledger (GET /audit) to whoever carries it. */
  AUDIT_TOKEN: z.string().min(24, 'must have at least 24 characters').optional(),
  /** Signs the ledger's checkpoints, so that not even whoever owns the database can rewrite what came before one. */
  LEDGER_KEY: z.string().min(24, 'must have at least 24 characters').optional(),
  /** How many days the ledger is kept; without it, for ever. */
  LEDGER_DAYS: z.coerce.number().int().min(30).optional(),
  /** Kill switches: services by id, and the model. */
  SERVICES_OFF: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((id) => id.trim())
        .filter(Boolean),
    ),
  /** Kinds of rules that are silent everywhere, such as diabetes or mental-health. */
  PROGRAMMES_OFF: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((kind) => kind.trim())
        .filter(Boolean),
    ),
  MODEL_OFF: onOff.optional(),
  /** Browser EHRs that may call us; in the sandbox any may. */
  CORS_ORIGINS: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((origin) => origin.trim().replace(/\/$/, ''))
        .filter(Boolean),
    )
    .pipe(z.array(url)),
  /** For each client; one of CDS_CLIENTS may have its own. Without it only the work in flight is bounded. */
  CLIENT_REQUESTS_PER_SECOND: z.coerce.number().positive().optional(),
});

export type Settings = Omit<z.infer<typeof settingsSchema>, 'SANDBOX'> & { SANDBOX: 'on' | 'off' };

export class SettingsError extends Error {}

/** Reads and checks the settings; a wrong one throws one sentence that names it. */
export function readSettings(env: Record<string, unknown>): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = settingsSchema.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new SettingsError(
      `The setting ${String(issue.path[0])} ${issue.message.startsWith('is ') || issue.message.startsWith('must ') ? issue.message : `is wrong: ${issue.message}`}.`,
    );
  }
  const settings = parsed.data;
  const isProduction = settings.NODE_ENV === 'production';
  const SANDBOX = settings.SANDBOX ?? (isProduction ? 'off' : 'on');
  if ((SANDBOX === 'off' || isProduction) && !settings.CDS_CLIENTS) {
    throw new SettingsError(
      'The setting CDS_CLIENTS is missing: outside the sandbox every CDS client must be trusted by name. Set CDS_CLIENTS, or SANDBOX=on without NODE_ENV=production to try things out.',
    );
  }
  const isModelOff = settings.MODEL_OFF === 'on';
  return {
    ...settings,
    SANDBOX,
    ...(isModelOff && { OPENAI_API_KEY: undefined, OPENAI_BASE_URL: undefined, OPENAI_MODEL: undefined }),
  };
}
