import { defineService } from '../src/service.ts';

export default defineService({
  id: 'dispatch-check',
  hooks: ['order-dispatch'],
  title: 'Last look at an order on its way',
  description:
    'When a signed order is sent to whoever carries it out: speaks only of what must be stopped on the chart as it is now. What was worth a warning was shown at signing.',
  usageRequirements:
    'The active medication list is required: without it the answer is 412. An order that is neither on that list nor on the FHIR server of the request is named as not checked.',
  required: ['patient', 'medications'],
  helpful: ['statements', 'allergies', 'problems', 'labs', 'vitals', 'encounters', 'procedures', 'serviceRequests'],
  judges: 'the orders on their way',
  cardLimit: 3,
});
