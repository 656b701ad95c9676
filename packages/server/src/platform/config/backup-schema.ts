/** Defines the schema of `backup`: backups of the database by themselves (docs/backup.md). */
import { z } from "zod";

export const backupSchema = z
  .strictObject({
    /** Such as 24h or 1d, or a time of day of this machine, 03:30; empty: none. */
    every: z
      .string()
      .regex(/^(|[1-9]\d{0,2}[hd]|([01]\d|2[0-3]):[0-5]\d)$/, "is not a time such as 24h, 1d or 03:30")
      .default(""),
    /** Days that they are kept. The last good one is always kept. */
    keep: z.number().int().min(1).max(3650).default(14),
    /** A folder, or s3: the bucket of storage.s3; empty: dataDir/backups. */
    to: z.string().default(""),
  })
  .prefault({});
