/** Defines the schema of `operators`: how people with the rights of the platform get in, and what bounds LECTERN_ADMIN_TOKEN. */
import { z } from "zod";

export const operatorsSchema = z
  .strictObject({
    /** Networks that operators may come from; empty: all. */
    allowedNetworks: z.array(z.string()).default([]),
    /** Operators can do nothing before they have set up a second factor. */
    secondFactor: z.boolean().default(true),
    /** LECTERN_ADMIN_TOKEN, which has no second factor. */
    token: z
      .strictObject({
        /** From then on it is refused, 2027-06-30T00:00:00Z; empty: it has no end. */
        expires: z
          .union([z.literal(""), z.iso.datetime({ offset: true, error: "is not a time such as 2027-06-30T00:00:00Z" })])
          .default(""),
        /** Networks that it may come from, besides `allowedNetworks`; empty: all. */
        allowedNetworks: z.array(z.string()).default([]),
      })
      .prefault({}),
  })
  .prefault({});

export type OperatorSettings = z.output<typeof operatorsSchema>;
