import { defineService } from '../src/service.ts';

export default defineService({
  id: 'medication-safety',
  hooks: ['order-select', 'order-sign', 'medication-refill'],
  title: 'Medication safety',
  description:
    'Checks the orders being written against the chart: interactions, allergies, duplicates, kidney and liver dosing, dose limits, pregnancy, age, missing monitoring. Few cards, each with its reason and one way out.',
  usageRequirements:
    'The active medication list is required: without it the answer is 412. Allergies, problems and results make the answer sharper.',
  required: ['patient', 'medications'],
  helpful: [
    'pastMedications',
    'statements',
    'allergies',
    'problems',
    'labs',
    'vitals',
    'socialHistory',
    'encounters',
    'procedures',
    'serviceRequests',
    'diets',
  ],
  cardLimit: 5,
});
