/** Defines the schema of `limits`: how much of everything, of one address, person, code and session. */
import { z } from "zod";

const positiveInt = z.number().int().positive();

export const limitsSchema = z
  .strictObject({
    streams: positiveInt.default(1000),
    viewers: positiveInt.default(20000),
    perAddress: z
      .strictObject({
        connections: positiveInt.default(8000),
        /** New ones; as many at once as may be open. */
        connectionsPerSecond: positiveInt.default(200),
        requestsPerSecond: positiveInt.default(2000),
        /** Joins and renewals of links; twenty seconds' worth at once. */
        joinsPerSecond: positiveInt.default(300),
      })
      .prefault({}),
    /** Requests of one signed-in person to the API: what programs send that use a person's session, and not an API key, fits in. */
    perPerson: z.strictObject({ requestsPerSecond: positiveInt.default(300), burst: positiveInt.default(3000) }).prefault({}),
    /** Joins with the code of one lesson by people who are not known in it yet. */
    perCode: z.strictObject({ joinsPerSecond: positiveInt.default(500), burst: positiveInt.default(10_000) }).prefault({}),
    /** Playlists of live HLS for the session of one viewer, from however many addresses; null: as many as requests of one address. */
    perSession: z
      .strictObject({ playlistsPerSecond: positiveInt.nullable().default(null), burst: positiveInt.nullable().default(null) })
      .prefault({}),
  })
  .prefault({});
