/** The schema of `limits`: how much of everything, of one address, person, code and session. */
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
    /** Requests of one signed-in person to the API. */
    perPerson: z.strictObject({ requestsPerSecond: positiveInt.default(20), burst: positiveInt.default(200) }).prefault({}),
    /** Joins with the code of one lesson by people who are not known in it yet. */
    perCode: z.strictObject({ joinsPerSecond: positiveInt.default(50), burst: positiveInt.default(3000) }).prefault({}),
    /** Playlists of live HLS that one viewer asks for. */
    perSession: z.strictObject({ playlistsPerSecond: positiveInt.default(30), burst: positiveInt.default(120) }).prefault({}),
  })
  .prefault({});
