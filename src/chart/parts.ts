// The parts of a chart, each with the one search that fills it. The same template goes into discovery's prefetch and to the
// FHIR server, so that the same record gives the same cards whichever way it came. Only parameters that every EHR knows.
import type { ChartPart } from './types.ts';

export interface PartDefinition {
  template: string;
  /** The resource types that belong here; others in the Bundle are junk. */
  types: string[];
  /** True when the newest N are enough; false when a missing page would make the list untrue. */
  isBounded: boolean;
}

const patient = 'patient={{context.patientId}}';
/** As R4, DSTU2 and DSTU1 call an order. Some EHRs of DSTU2 have no list of orders, only of statements. */
const orders = ['MedicationRequest', 'MedicationOrder', 'MedicationPrescription'];

export const partDefinitions: Record<ChartPart, PartDefinition> = {
  patient: { template: 'Patient/{{context.patientId}}', types: ['Patient'], isBounded: false },
  medications: {
    template: `MedicationRequest?${patient}&status=active,on-hold`,
    types: [...orders, 'MedicationStatement', 'Medication'],
    isBounded: false,
  },
  pastMedications: {
    template: `MedicationRequest?${patient}&status=stopped,completed&_sort=-authoredon&_count=50`,
    types: [...orders, 'Medication'],
    isBounded: true,
  },
  statements: {
    template: `MedicationStatement?${patient}&status=active,completed,stopped`,
    types: ['MedicationStatement', 'Medication'],
    isBounded: true,
  },
  allergies: { template: `AllergyIntolerance?${patient}`, types: ['AllergyIntolerance'], isBounded: false },
  problems: { template: `Condition?${patient}`, types: ['Condition'], isBounded: false },
  labs: {
    template: `Observation?${patient}&category=laboratory&_sort=-date&_count=200`,
    types: ['Observation', 'DiagnosticReport'],
    isBounded: true,
  },
  vitals: {
    template: `Observation?${patient}&category=vital-signs&_sort=-date&_count=100`,
    types: ['Observation'],
    isBounded: true,
  },
  surveys: {
    template: `Observation?${patient}&category=survey&_sort=-date&_count=50`,
    types: ['Observation'],
    isBounded: true,
  },
  socialHistory: {
    template: `Observation?${patient}&category=social-history&_sort=-date&_count=50`,
    types: ['Observation'],
    isBounded: true,
  },
  encounters: { template: `Encounter?${patient}&_sort=-date&_count=20`, types: ['Encounter'], isBounded: true },
  procedures: { template: `Procedure?${patient}&_sort=-date&_count=50`, types: ['Procedure'], isBounded: true },
  immunizations: { template: `Immunization?${patient}`, types: ['Immunization'], isBounded: true },
  serviceRequests: {
    template: `ServiceRequest?${patient}&_sort=-authored&_count=50`,
    types: ['ServiceRequest'],
    isBounded: true,
  },
  diets: {
    template: `NutritionOrder?${patient}&status=active`,
    types: ['NutritionOrder'],
    isBounded: true,
  },
  appointments: { template: `Appointment?${patient}`, types: ['Appointment'], isBounded: true },
  consents: { template: `Consent?${patient}&status=active`, types: ['Consent'], isBounded: true },
  notes: {
    template: `DocumentReference?${patient}&_sort=-date&_count=10`,
    types: ['DocumentReference'],
    isBounded: true,
  },
};

/** As a clinician would call them: "medication list could not be read". */
export const partNames: Record<ChartPart, string> = {
  patient: 'patient details',
  medications: 'active medications',
  pastMedications: 'past medications',
  statements: 'reported medications',
  allergies: 'allergies',
  problems: 'problems',
  labs: 'laboratory results',
  vitals: 'vital signs',
  surveys: 'questionnaires',
  socialHistory: 'social history',
  encounters: 'encounters',
  procedures: 'procedures',
  immunizations: 'immunizations',
  serviceRequests: 'orders for tests',
  diets: 'diet orders',
  appointments: 'appointments',
  consents: 'consents',
  notes: 'notes',
};
