/** Defines the schema of `audit`: how long the log of what concerns no school is kept. */
import { z } from "zod";

/** Article 21 of the Cybersecurity Law of the People's Republic of China: six months at least. */
export const LEAST_AUDIT_DAYS = 180;

export const auditSchema = z
  .strictObject({
    /** Days that entries are kept that concern no school; 0: always. A school has its own setting. */
    keepDays: z.union([z.literal(0), z.number().int().min(LEAST_AUDIT_DAYS).max(36_500)], "is 0, or at least 180").default(0),
  })
  .prefault({});

export type AuditSettings = z.output<typeof auditSchema>;
