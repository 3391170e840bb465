// The example: ibuprofen is ordered for somebody on warfarin; cards come, decisions go back. npm start, then npm run kit.
import type { CdsCardEvents } from './cds-card.ts';
import './cds-card.ts';
import { accepted, createClient, overridden } from './client.ts';

const base = new URLSearchParams(location.search).get('base') ?? 'http://127.0.0.1:8787';
const client = createClient({ base });

const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const order = (id: string, status: string, code: string, display: string) => ({
  resourceType: 'MedicationRequest',
  id,
  status,
  intent: 'order',
  subject: { reference: 'Patient/example' },
  medicationCodeableConcept: { coding: [{ system: RXNORM, code, display }], text: display },
});
const bundle = (type: string, ...resources: object[]) => ({
  resourceType: 'Bundle',
  type,
  entry: resources.map((resource) => ({ resource })),
});

const said = document.querySelector('#said')!;
const tell = (line: string) => said.append(`${line}\n`);

const { answered, failed } = await client.ask({
  hook: 'order-sign',
  context: {
    patientId: 'example',
    userId: 'Practitioner/example',
    draftOrders: bundle('collection', order('draft', 'draft', '197806', 'ibuprofen 600 MG Oral Tablet')),
  },
  prefetch: {
    patient: { resourceType: 'Patient', id: 'example', gender: 'female', birthDate: '1952-03-09' },
    medications: bundle('searchset', order('warfarin', 'active', '855332', 'warfarin sodium 5 MG Oral Tablet')),
  },
});
for (const { service, error } of failed) tell(`${service.id}: ${error instanceof Error ? error.message : error}`);

for (const { service, response } of answered) {
  for (const card of response.cards) {
    const element = document.createElement('cds-card');
    element.card = card;
    element.addEventListener('cds-accept', (event) => {
      const { suggestion } = (event as CdsCardEvents['cds-accept']).detail;
      // Here an EHR carries out suggestion.actions: all of them, deletes first, then creates, then updates.
      void client
        .feedback(service.id, [accepted(card, suggestion.uuid)])
        .then(() => tell(`accepted: ${suggestion.label}`));
    });
    element.addEventListener('cds-override', (event) => {
      const { reason, comment } = (event as CdsCardEvents['cds-override']).detail;
      void client
        .feedback(service.id, [overridden(card, reason, comment)])
        .then(() => tell(`overridden: ${reason?.display ?? 'no reason'}`));
    });
    document.querySelector('#cards')!.append(element);
  }
}
