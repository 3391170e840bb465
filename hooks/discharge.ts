import { defineService } from '../src/service.ts';

export default defineService({
  id: 'discharge',
  hooks: ['encounter-discharge'],
  title: 'Discharge',
  description:
    'The list a patient goes home with: the same drug twice, a stopped drug still active, sedatives and antibiotics begun in hospital, and the tests somebody has to follow.',
  usageRequirements:
    'The active medication list is required: without it the answer is 412. Past medications show what was stopped during the stay.',
  required: ['patient', 'medications'],
  helpful: ['pastMedications', 'statements', 'allergies', 'problems', 'labs', 'vitals', 'encounters', 'procedures'],
  cardLimit: 4,
});
