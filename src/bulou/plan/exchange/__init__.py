"""A plan in the words of other systems: HL7 FHIR R4 (`fhir`) and iCalendar (`calendar`). Pure: a plan in, text out."""
