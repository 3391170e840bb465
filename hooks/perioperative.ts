import { defineService } from '../src/service.ts';

export default defineService({
  id: 'perioperative',
  hooks: ['appointment-book'],
  title: 'Before surgery',
  description:
    'When an operation is booked: which drugs to stop, bridge or continue and on which day, cardiac risk, and the tests that are missing. An operation that is ordered gets the same from medication-safety at signing.',
  usageRequirements:
    'The active medication list is required: without it the answer is 412. The appointment names the operation in its service type, reason or description; with a start the days are counted from it.',
  required: ['patient', 'medications'],
  helpful: ['pastMedications', 'statements', 'allergies', 'problems', 'labs', 'vitals', 'encounters', 'procedures'],
  cardLimit: 5,
});
