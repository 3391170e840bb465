// What the worklist shows of a patient, and what a visitor is invited to try.

export interface SuggestedOrder {
  /** RxNorm for a drug, LOINC or SNOMED for anything else. */
  code: string;
  display: string;
  /** What the clinician would type: "1 tablet twice daily for 7 days". */
  sig?: string;
}

export interface Story {
  patientId: string;
  title: string;
  oneLine: string;
  suggestedOrder?: SuggestedOrder;
  question: string;
}

export interface SandboxPatient {
  story: Story;
  build(now: Date): import('@medplum/fhirtypes').Resource[];
}
