/** Defines the span of everything that can have happened: PostgreSQL reads no year of more than four digits as JavaScript writes it. */
export const ALL_TIME = { from: new Date(0), to: new Date("9999-12-31T00:00:00Z") } as const;
