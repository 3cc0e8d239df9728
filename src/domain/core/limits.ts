/** Every limit of what clients may send, in one place; descriptions of the schema and error texts are made of these. */
export const LIMITS = {
  /** Characters. */
  name: 255,
  idempotencyKey: 255,
  detail: 5_000,
  message: 50_000,
  address: 320,
  url: 2_048,
  question: 1_000,
  answer: 10_000,
  label: 100,
  language: 35,
  filterText: 200,
  /** How many. */
  labels: 50,
  attachments: 30,
  participants: 200,
  answers: 200,
  bookings: 100,
  /** Addresses that a contact typed in. */
  selfReportedAddresses: 20,
  mentions: 50,
  conversationsAtOnce: 100,
  invitableUsers: 50,
  formValues: 100,
  filterValues: 100,
  nodes: 100,
  pageSize: 100,
  defaultPageSize: 20,
  /** Levels of JSON in a variable. */
  inputDepth: 100,
  /** Bytes of JSON. */
  customAttributes: 65_536,
  contentAttributes: 65_536,
} as const;
