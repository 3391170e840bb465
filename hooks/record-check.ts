import { defineService } from '../src/service.ts';

export default defineService({
  id: 'record-check',
  hooks: ['allergyintolerance-create', 'problem-list-item-create'],
  title: 'New entry against the drugs taken',
  description:
    'When an allergy or a problem is entered: which drugs on the list it speaks against. Silent about everything that the entry does not change.',
  usageRequirements: 'The active medication list is required: without it the answer is 412.',
  required: ['patient', 'medications'],
  helpful: ['statements', 'allergies', 'problems', 'labs', 'vitals', 'encounters', 'procedures'],
  judges: 'the entry',
  cardLimit: 3,
});
