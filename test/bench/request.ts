// The order-sign of the bench: ten active drugs, a draft that meets one of them, results and vitals; of about the size asked for.
import { bundle, ibuprofen, lab, medication, orderSign, warfarin } from '../support/requests.ts';

const active: [string, string][] = [
  ['197361', 'amlodipine 5 MG Oral Tablet'],
  ['314076', 'lisinopril 10 MG Oral Tablet'],
  ['860975', 'metformin hydrochloride 500 MG Extended Release Oral Tablet'],
  ['617312', 'atorvastatin 20 MG Oral Tablet'],
  ['310798', 'hydrochlorothiazide 25 MG Oral Tablet'],
  ['866924', 'metoprolol tartrate 25 MG Oral Tablet'],
  ['198211', 'simvastatin 40 MG Oral Tablet'],
  ['312961', 'sertraline 50 MG Oral Tablet'],
  ['311989', 'nitrofurantoin 100 MG Oral Capsule'],
];

export function benchBody(bytes: number): string {
  const medications = [warfarin(), ...active.map(([code, display], place) => medication(`m${place}`, code, display))];
  const labs = [lab('6301-6', 2.6, '1'), lab('2823-3', 4.4, 'mmol/L'), lab('2160-0', 1, 'mg/dL')];
  const body = (count: number) =>
    JSON.stringify(
      orderSign({
        draftOrders: [ibuprofen()],
        medications,
        prefetch: {
          labs: bundle(
            ...labs,
            ...Array.from({ length: count }, (_, place) =>
              lab('718-7', 13 + (place % 3), 'g/dL', {
                id: `hb-${place}`,
                effectiveDateTime: `2026-0${1 + (place % 9)}-11T08:00:00Z`,
              }),
            ),
          ),
        },
      }),
    );
  const bare = body(0).length;
  const each = body(1).length - bare;
  return body(Math.max(0, Math.round((bytes - bare) / each)));
}
