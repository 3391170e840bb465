// Seals what travels through the browser: launch state, panel sessions, the appContext of card links. The server
// keeps nothing; whoever holds a sealed text can give it back, and can neither read nor change it.
import { base64url, CompactEncrypt, compactDecrypt, jwtDecrypt } from 'jose';
import type { Platform } from '../platform.ts';

/** What a sealed text is for. One kind never opens as another. */
export type SealKind = 'state' | 'session' | 'record';

/** What a card's SMART link tells the panel about the moment it came from. */
export interface AppContext {
  hook: string;
  card?: string;
  patientId?: string;
  /** The unsigned orders, coded fields only. */
  drafts?: Record<string, unknown>[];
  /** True when drafts were left out to keep the link short. */
  isPartial?: boolean;
}

export interface Seal {
  seal(kind: SealKind, content: Record<string, unknown>, expiresAt: Date): Promise<string>;
  /** The content, or undefined when the text is forged, of another kind, expired, or sealed with a forgotten key. */
  open<Content>(kind: SealKind, sealed: string): Promise<Content | undefined>;
  /** Always under 1 kB: drafts that do not fit are left out, and `isPartial` says so. */
  sealAppContext(context: AppContext): Promise<string>;
  openAppContext(sealed: string): Promise<AppContext | undefined>;
}

interface SealKey {
  id: string;
  secret: Uint8Array;
}

/** What a link of 1,000 characters can hold: base64url takes a third more, the other parts of the JWE take 136. */
const plainTextLimit = 640;
const appContextLifetimeMs = 12 * 3_600_000;
const openedTextLimit = 20_000;

export function createSeal(platform: Platform): Seal {
  let loading: Promise<SealKey[]> | undefined;
  const keys = () => {
    loading ??= loadKeys(platform).catch((error) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };

  /** A compact JWE under the newest key: on the spot where the platform can, else by jose. */
  const encrypt = async (content: string | Uint8Array, typ?: string): Promise<string> => {
    const [newest] = await keys();
    const header = { alg: 'dir', enc: 'A256GCM', kid: newest!.id, ...(typ && { typ }) };
    if (!platform.encrypt) {
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
      return new CompactEncrypt(bytes).setProtectedHeader(header).encrypt(newest!.secret);
    }
    const written = base64url.encode(JSON.stringify(header));
    const { nonce, ciphertext, tag } = platform.encrypt(newest!.secret, content, written);
    return `${written}..${nonce}.${ciphertext}.${tag}`;
  };

  const seal: Seal['seal'] = (kind, content, expiresAt) =>
    encrypt(JSON.stringify({ content, aud: kind, exp: Math.floor(expiresAt.getTime() / 1000) }));

  const open: Seal['open'] = async <Content>(kind: SealKind, sealed: string) => {
    const known = await keys();
    try {
      const { payload } = await jwtDecrypt(sealed, ({ kid }) => secretOf(known, kid), {
        audience: kind,
        currentDate: platform.now(),
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
        requiredClaims: ['exp'],
      });
      return payload.content as Content;
    } catch {
      return undefined;
    }
  };

  const sealAppContext: Seal['sealAppContext'] = async (context) => {
    const drafts = (context.drafts ?? []).map(codedDraft);
    const until = platform.now().getTime() + appContextLifetimeMs;
    const plain = JSON.stringify({ said: { ...context, drafts }, until });
    // One short order fits as it is; squeezing costs more than the rest of the answer together.
    if (plain.length < plainTextLimit && isAscii(plain)) return encrypt(plain, 'app');
    for (let kept = drafts.length; ; kept--) {
      const isPartial = kept < drafts.length;
      const said = { ...context, drafts: drafts.slice(0, kept), ...(isPartial && { isPartial }) };
      const squeezed = await deflate(JSON.stringify({ said, until }));
      if (squeezed.length < plainTextLimit || kept === 0) return encrypt(squeezed, 'app+deflate');
    }
  };

  const openAppContext: Seal['openAppContext'] = async (sealed) => {
    const known = await keys();
    try {
      const { plaintext, protectedHeader } = await compactDecrypt(sealed, ({ kid }) => secretOf(known, kid), {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
      });
      if (protectedHeader.typ !== 'app' && protectedHeader.typ !== 'app+deflate') return undefined;
      const text = protectedHeader.typ === 'app' ? new TextDecoder().decode(plaintext) : await inflate(plaintext);
      const { said, until } = JSON.parse(text) as { said: AppContext; until: number };
      return until > platform.now().getTime() ? said : undefined;
    } catch {
      return undefined;
    }
  };

  return { seal, open, sealAppContext, openAppContext };
}

/** SESSION_KEYS, newest first, so that a new one can be put in front while old sessions live on; else a kept one. */
async function loadKeys(platform: Platform): Promise<SealKey[]> {
  const configured = platform.settings.SESSION_KEYS;
  const secrets = configured?.length ? configured : [await keptSecret(platform)];
  return Promise.all(secrets.map(derive));
}

async function keptSecret({ sql, uuid, now }: Platform): Promise<string> {
  // Two instances may start at once: the first insert wins and both read it back.
  await sql.run(
    'INSERT INTO keys (purpose, secret, created_at) VALUES (?, ?, ?) ON CONFLICT (purpose) DO NOTHING',
    'seal',
    `${uuid()}${uuid()}`,
    now().toISOString(),
  );
  const [row] = await sql.all<{ secret: string }>('SELECT secret FROM keys WHERE purpose = ?', 'seal');
  return row!.secret;
}

async function derive(secret: string): Promise<SealKey> {
  const material = await crypto.subtle.importKey('raw', new TextEncoder().encode(secret), 'HKDF', false, [
    'deriveBits',
  ]);
  const bits = async (info: string, length: number) =>
    new Uint8Array(
      await crypto.subtle.deriveBits(
        { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: new TextEncoder().encode(info) },
        material,
        length,
      ),
    );
  const name = await bits('curbside seal id', 48);
  return {
    id: Array.from(name, (byte) => byte.toString(16).padStart(2, '0')).join(''),
    secret: await bits('curbside seal', 256),
  };
}

function secretOf(keys: SealKey[], kid: string | undefined): Uint8Array {
  const key = keys.find(({ id }) => id === kid);
  if (!key) throw new Error('sealed with another key');
  return key.secret;
}

const draftFields = [
  'resourceType',
  'id',
  'status',
  'intent',
  'doNotPerform',
  'medicationCodeableConcept',
  'medicationReference',
  'code',
  'subject',
  'dosageInstruction',
];

const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text);

/** No narrative, no notes, no requester: only what the guards read of an order. */
const codedDraft = (draft: Record<string, unknown>) =>
  Object.fromEntries(draftFields.filter((field) => draft[field] !== undefined).map((field) => [field, draft[field]]));

async function deflate(text: string): Promise<Uint8Array> {
  const squeezed = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(squeezed).arrayBuffer());
}

async function inflate(bytes: Uint8Array): Promise<string> {
  const grown = new Blob([bytes as BlobPart]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const text = await new Response(grown).text();
  if (text.length > openedTextLimit) throw new Error('too long');
  return text;
}
