// HL7 PDDI-CDS: a client may ask that order-sign does not repeat what order-select has just shown. A card is left out only
// for the same clinician, patient, encounter, rule and unchanged order, within the hour; never for another signer. What was left
// out is said on an info card.
import { type Card, cardExtensionKey } from '../cds-hooks/contract.ts';
import type { HookRequest } from '../cds-hooks/envelope.ts';
import type { Chart } from '../chart/types.ts';
import { isObject, type Json } from '../fhir/reading.ts';
import type { Platform } from '../platform.ts';

const keptMs = 3_600_000;

/** The guide writes the key in two ways. */
function asked(
  { extension }: HookRequest,
  wish: 'cache-for-order-sign-filtering' | 'filter-out-repeated-alerts',
): boolean {
  return ['pddi-configuration-items', 'configuration-items'].some((name) => {
    const items = extension[name];
    return isObject(items) && items[wish] === true;
  });
}

export async function withoutRepeats(
  cards: Card[],
  request: HookRequest,
  chart: Chart,
  platform: Platform,
): Promise<Card[]> {
  const now = platform.now().getTime();
  if (request.hook === 'order-select' && asked(request, 'cache-for-order-sign-filtering')) {
    const alerts = await Promise.all(cards.map((card) => alertOf(card, request, chart)));
    await platform.sql.batch([
      { sql: 'DELETE FROM shown_alerts WHERE expires_at < ?', values: [now] },
      ...alerts.map((alert) => ({
        sql: 'INSERT INTO shown_alerts (alert, expires_at) VALUES (?, ?) ON CONFLICT (alert) DO UPDATE SET expires_at = excluded.expires_at',
        values: [alert, now + keptMs],
      })),
    ]);
    return cards;
  }
  if (request.hook !== 'order-sign' || !asked(request, 'filter-out-repeated-alerts')) return cards;
  const kept: Card[] = [];
  for (const card of cards) {
    const [shown] = await platform.sql.all(
      'SELECT alert FROM shown_alerts WHERE alert = ? AND expires_at >= ?',
      await alertOf(card, request, chart),
      now,
    );
    if (!shown) kept.push(card);
  }
  const left = cards.length - kept.length;
  if (left === 0) return cards;
  const note: Card = {
    uuid: platform.uuid(),
    summary: `${left} ${left === 1 ? 'alert' : 'alerts'} already shown while choosing the order ${left === 1 ? 'is' : 'are'} not repeated`,
    indicator: 'info',
    source: { label: 'Curbside: repeated alerts' },
    detail: 'Left out at the wish of this EHR: the order, the signer and the reason are unchanged.',
  };
  return [...kept, note];
}

async function alertOf(card: Card, { context }: HookRequest, chart: Chart): Promise<string> {
  const about = card.extension?.[cardExtensionKey];
  const orders = chart.drafts
    .filter(({ reference }) => about?.orders.includes(reference))
    .map(({ reference, resource }) => {
      const { medicationCodeableConcept, medicationReference, dosageInstruction } = resource as unknown as Json;
      return [reference, medicationCodeableConcept, medicationReference, dosageInstruction];
    });
  const text = JSON.stringify([
    context.userId,
    context.patientId,
    context.encounterId,
    about?.ruleId,
    about?.tier,
    orders,
  ]);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
