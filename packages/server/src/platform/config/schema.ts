/** Defines every configuration key, with its unit and default: docs/configuration.md is this table in words. */
import { z } from "zod";
import { auditSchema } from "./audit-schema.ts";
import { backupSchema } from "./backup-schema.ts";
import { captionsSchema } from "./captions-schema.ts";
import { degradationSchema } from "./degradation-schema.ts";
import { dispatchSchema } from "./dispatch-schema.ts";
import { encryptionSchema } from "./encryption-schema.ts";
import { gb28181Schema } from "./gb28181-schema.ts";
import { limitsSchema } from "./limits-schema.ts";
import { loadTestsSchema } from "./load-tests-schema.ts";
import { materialsSchema } from "./materials-schema.ts";
import { operatorsSchema } from "./operators-schema.ts";
import { protectionSchema } from "./protection-schema.ts";
import { recordingSchema } from "./recording-schema.ts";
import { scalingSchema } from "./scaling-schema.ts";
import { srtSchema } from "./srt-schema.ts";
import { tracingSchema } from "./tracing-schema.ts";
import { webRtcSchema } from "./webrtc-schema.ts";

const port = z.number().int().min(0).max(65535);
const positive = z.number().positive();
const positiveInt = z.number().int().positive();

/** What a node can do: docs/cluster.md. */
export const ROLES = ["origin", "edge", "dispatch", "control", "probe"] as const;
export type Role = (typeof ROLES)[number];

/** Sets of smaller versions of a stream. */
export const LADDERS = ["none", "mobile", "full", "data-saver", "audio"] as const;
export type LadderName = (typeof LADDERS)[number];

/** What encodes the rungs. auto: the first encoder of a graphics card that works, otherwise software. */
export const ENCODERS = ["auto", "software", "nvenc", "vaapi", "qsv"] as const;
export type EncoderSetting = (typeof ENCODERS)[number];

/** A rung of a ladder that somebody has put together. */
export const customRungSchema = z.strictObject({
  /** As in addresses: `NAME@RUNG`. */
  name: z.string().regex(/^(?!(?:aac|opus|rtc)$)[a-z0-9]{1,16}$/, "is not 1 to 16 of a-z and 0-9, or is aac, opus or rtc"),
  /** The shorter side of the picture in pixels; null: sound alone. */
  height: z.number().int().min(90).max(2160).nullable(),
  /** The most bits of the picture. */
  videoKbps: z.number().int().min(30).max(20_000).default(1000),
  /** Bits of the sound; null: the source's sound as it is. */
  audioKbps: z.number().int().min(16).max(320).nullable().default(null),
});
export type CustomRung = z.infer<typeof customRungSchema>;
/** A preset, or rungs of one's own, each with another name. */
export const ladderSchema = z.union([
  z.enum(LADDERS),
  z
    .array(customRungSchema)
    .min(1)
    .max(8)
    .refine((rungs) => new Set(rungs.map(({ name }) => name)).size === rungs.length, "has two rungs of one name"),
]);
export type LadderChoice = z.infer<typeof ladderSchema>;

const callbackUrl = z.url({ protocol: /^https?$/, error: "is not an http or https address" });

export const configSchema = z.strictObject({
  /** Pages, API and HTTP media. Port 0 takes any that is free. */
  http: z
    .strictObject({
      host: z.string().min(1).default("0.0.0.0"),
      port: port.default(8080),
      /** As people know this server, such as https://school.example; empty: as each request says. Mailed links need it. */
      publicUrl: z.union([z.literal(""), z.url({ protocol: /^https?$/ })]).default(""),
      /** HTTPS beside HTTP: files in PEM, read again when they change, and the port. redirect: HTTP only leads there. */
      tls: z
        .strictObject({
          cert: z.string().min(1),
          key: z.string().min(1),
          port: port.default(8443),
          redirect: z.boolean().default(false),
        })
        .nullable()
        .default(null),
    })
    .prefault({}),
  rtmp: z
    .strictObject({
      host: z.string().min(1).default("0.0.0.0"),
      port: port.default(1935),
      /** Bytes of a chunk that the server sends. */
      chunkSize: z.number().int().min(128).max(0xffffff).default(60000),
      /** RTMPS beside RTMP: files in PEM, and the port. */
      tls: z
        .strictObject({ cert: z.string().min(1), key: z.string().min(1), port: port.default(1936) })
        .nullable()
        .default(null),
    })
    .prefault({}),
  /** Publishing and watching by SRT: docs/srt.md. */
  srt: srtSchema,
  /** Publishing and watching by WebRTC: docs/webrtc.md. */
  webrtc: webRtcSchema,
  /** Applications: the first part of every media address. */
  apps: z
    .array(z.string().regex(/^[A-Za-z0-9_-]{1,64}$/))
    .min(1)
    .default(["live"]),
  publish: z
    .strictObject({
      /** keys: publishers with the key of the stream; any: every publisher. */
      allow: z.enum(["keys", "any"]).default("keys"),
      /** Publish keys by stream: { "live/math": "s3cret" } */
      keys: z
        .record(z.string().regex(/^[A-Za-z0-9_-]{1,64}\/[A-Za-z0-9_-]{1,128}$/, "is not APP/NAME"), z.string().min(1))
        .default({}),
      /** How long viewers wait for a publisher that has gone. */
      graceSeconds: z.number().min(0).max(3600).default(15),
      /** A publisher that was not heard for so long may be superseded by another. */
      supersedeAfterSeconds: z.number().min(0).max(60).default(2),
    })
    .prefault({}),
  /** For streams that belong to no lesson. signed: only with a signed link. */
  play: z.strictObject({ allow: z.enum(["any", "signed"]).default("any") }).prefault({}),
  /** Secrets of signed links: the first signs, all are accepted. */
  secrets: z
    .strictObject({
      links: z.array(z.string().min(8)).max(2).default([]),
      /** Encrypt the secrets in the database: the first encrypts, all decrypt. Empty: `encryption-secret` in dataDir, or one of the cluster's. */
      encryption: z.array(z.string().min(16)).max(2).default([]),
    })
    .prefault({}),
  viewer: z
    .strictObject({
      /** Milliseconds between two writes to a viewer. */
      batchMs: z.number().int().min(10).max(2000).default(200),
      /** How far a viewer may be behind before it is moved to the newest key frame. */
      maxQueueSeconds: positive.max(60).default(5),
      maxQueueBytes: positiveInt.default(8388608),
      /** A viewer that takes nothing for so long is closed. */
      evictAfterSeconds: positive.max(600).default(15),
    })
    .prefault({}),
  hls: z
    .strictObject({
      /** Segments begin at the first key frame after this. */
      segmentSeconds: positive.max(30).default(2),
      /** About how long a part is. */
      partMs: z.number().int().min(50).max(2000).default(400),
      /** Segments that are kept. */
      windowSegments: z.number().int().min(3).max(100).default(8),
      /** Every segment asks for permission, not only the playlist. */
      strict: z.boolean().default(false),
    })
    .prefault({}),
  /** Smaller versions of each stream, for slow connections: docs/ladder.md. */
  ladder: z
    .strictObject({
      /** auto: data-saver where there are four cores and ffmpeg; mobile: 360p, 480p, 720p and a data saver; full: also 1080p; audio: the sound alone. */
      rungs: z.union([z.literal("auto"), ladderSchema]).default("auto"),
      /** demand: a stream is transcoded while somebody watches one of its rungs; publish: as long as it is live. */
      start: z.enum(["demand", "publish"]).default("demand"),
      /** Cores that the ladders of this machine may use together; auto: those that are idle, by measurement. */
      cores: z.union([z.literal("auto"), z.number().min(0)]).default("auto"),
      /** On demand: transcoding ends when nobody has watched a rung for so long. */
      idleSeconds: z.number().min(5).max(3600).default(60),
      /** auto: the first encoder of a graphics card that works, otherwise software. */
      encoder: z.enum(ENCODERS).default("auto"),
    })
    .prefault({}),
  /** Channels that are fetched from other servers and cameras: docs/sources.md. */
  sources: z
    .strictObject({
      /** Private networks that they may be in; public addresses are always allowed. */
      allowedNetworks: z.array(z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()])).default([]),
      /** The folder whose files may be played as a channel; empty: none. */
      files: z.string().default(""),
      /** On demand: a channel is left when nobody has watched it for so long. */
      idleSeconds: z.number().min(5).max(3600).default(60),
    })
    .prefault({}),
  /** Cameras and recorders that register here by GB/T 28181: docs/gb28181.md. */
  gb28181: gb28181Schema,
  limits: limitsSchema,
  /** Load tests by `lectern load`: docs/load.md. */
  load: loadTestsSchema,
  recording: recordingSchema,
  timeshift: z
    .strictObject({
      /** How far one can go back in what is live; 0: not at all, and nothing is kept for it. */
      windowSeconds: z.number().min(0).max(86_400).default(7200),
      /** Of what is kept for it of all streams, besides recordings. */
      maxBytes: positiveInt.default(21474836480),
    })
    .prefault({}),
  replay: z
    .strictObject({
      /** Memory for packaged segments of recordings, of all workers together; auto: a tenth of the machine's memory. */
      cacheBytes: z.union([z.literal("auto"), positiveInt]).default("auto"),
    })
    .prefault({}),
  /** Downloads of recordings with a watermark in the picture. */
  downloads: z
    .strictObject({
      /** So many are made at once, on each node. */
      atOnce: z.int().min(1).max(64).default(2),
      /** A file is deleted so long after it was made. */
      keepSeconds: z.number().min(60).max(604_800).default(3600),
      /** Of the files of a node together, below dataDir. */
      maxBytes: positiveInt.default(21474836480),
    })
    .prefault({}),
  materials: materialsSchema,
  /** What is said in lessons, written down: docs/captions.md. */
  captions: captionsSchema,
  /** Where recordings are kept besides the disk. */
  storage: z
    .strictObject({
      /** Object storage that speaks S3; null: none. */
      s3: z
        .strictObject({
          /** Without the bucket: https://oss-cn-hangzhou.aliyuncs.com */
          endpoint: z.url({ protocol: /^https?$/ }),
          region: z.string().min(1),
          bucket: z.string().min(1),
          accessKeyId: z.string().min(1),
          secretAccessKey: z.string().min(1),
          /** What the names of objects begin with. */
          prefix: z.string().max(200).default(""),
          /** Whether the bucket stands in the path or in the host's name; auto: in the path where the host is an IP address or one word. */
          addressing: z.enum(["auto", "path", "host"]).default("auto"),
        })
        .nullable()
        .default(null),
      /** Of what is in the object storage, and of what can be made again, so much is kept on the disk. */
      cacheBytes: positiveInt.default(21474836480),
    })
    .prefault({}),
  /** database.url: postgres://user:password@host/name; empty: embedded, below dataDir. */
  database: z.strictObject({ url: z.string().default("") }).prefault({}),
  encryption: encryptionSchema,
  backup: backupSchema,
  audit: auditSchema,
  /** The school's own system, asked before somebody is let in and told when they have gone. */
  callbacks: z
    .strictObject({
      /** Addresses by event: { on_publish: ["http://…"], on_play: "http://…" } */
      urls: z
        .partialRecord(
          z.enum(["on_connect", "on_close", "on_publish", "on_unpublish", "on_play", "on_stop", "on_dvr"]),
          z.union([callbackUrl.transform((url) => [url]), z.array(callbackUrl)]),
        )
        .default({}),
      style: z.enum(["srs", "nginx-rtmp"]).default("srs"),
      timeoutMs: z.number().int().min(100).max(60_000).default(3000),
      /** What a time-out or a 5xx means. */
      onFailure: z.enum(["refuse", "allow"]).default("refuse"),
      /** Signs each call; empty: none. */
      secret: z.string().default(""),
    })
    .prefault({}),
  /** allowPrivateNetworks: webhooks, address lists and back ends of schools may lead into private networks. */
  webhooks: z.strictObject({ allowPrivateNetworks: z.boolean().default(false) }).prefault({}),
  /** Directories of this machine whose files may be address lists of operators: docs/policies.md. */
  addressLists: z.strictObject({ files: z.array(z.string().min(1)).default([]) }).prefault({}),
  /** A mail server, smtp://user:password@host:587, for reset links; empty: links are printed. */
  mail: z.strictObject({ smtp: z.string().default(""), from: z.string().default("lectern@localhost") }).prefault({}),
  operators: operatorsSchema,
  /** Sessions of people end after so many minutes without use, where their school does not say otherwise, and after so many days in all. */
  sessions: z
    .strictObject({
      idleMinutes: z.number().int().min(5).max(525_600).default(43_200),
      maxDays: z.number().int().min(1).max(3650).default(90),
    })
    .prefault({}),
  /** Private networks that schools' providers of single sign-on may be in, by HTTP too; others are reached by HTTPS at public addresses. */
  signOn: z.strictObject({ networks: z.array(z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()])).default([]) }).prefault({}),
  /** Networks that may read /metrics without a token. */
  metrics: z.strictObject({ allow: z.array(z.string()).default(["127.0.0.0/8", "::1/128"]) }).prefault({}),
  /** Traces for OpenTelemetry: docs/monitoring.md. */
  tracing: tracingSchema,
  /** What this node does; empty: everything. */
  roles: z.array(z.enum(ROLES)).default([]),
  /** Many machines as one. */
  cluster: z
    .strictObject({
      /** Addresses of NATS servers, nats://user:password@host:4222; none: this machine is alone. */
      nats: z.array(z.url({ protocol: /^(nats|tls)$/, error: "is not an address of a NATS server" })).default([]),
      /** By which nodes know each other; the same on all of them. */
      secret: z.union([z.literal(""), z.string().min(16)]).default(""),
      /** How many origins keep each stream. */
      origins: z.number().int().min(1).max(5).default(2),
      /** Where nodes reach each other: this port, and one more for each media worker, counted up. Port 0 takes any that are free. */
      host: z.string().min(1).default("0.0.0.0"),
      port: port.default(8190),
      node: z
        .strictObject({
          /** Names this node for ever; auto: the host's name and a number that is made once. */
          id: z
            .string()
            .regex(/^[A-Za-z0-9_-]{1,64}$/)
            .default("auto"),
          region: z.string().max(64).default(""),
          carriers: z.array(z.string().min(1).max(64)).default([]),
          /** Where other nodes reach this one: a host's name or address; empty: the first address of this machine. */
          address: z.string().default(""),
          /** Where people reach this node, https://edge1.school.example; empty: http://ADDRESS:PORT */
          http: z.union([z.literal(""), z.url({ protocol: /^https?$/ })]).default(""),
          /** Where publishers reach it: rtmp://…; empty: rtmp://ADDRESS:PORT */
          rtmp: z.union([z.literal(""), z.url({ protocol: /^rtmps?$/ })]).default(""),
          capacityMbps: positive.default(1000),
          maxConnections: positiveInt.default(20000),
        })
        .prefault({}),
    })
    .prefault({})
    .refine(({ nats, secret }) => nats.length === 0 || secret !== "", {
      path: ["secret"],
      error: "is needed where cluster.nats is set: at least 16 characters, the same on every node",
    }),
  /** How streams come from other nodes. */
  relay: z
    .strictObject({
      /** Ways by which one stream is brought at the same time; auto: two where the best one is poor. */
      paths: z.union([z.literal(1), z.literal(2), z.literal("auto")]).default(1),
      /** Nodes that are asked before the origins are, by their ids. */
      parents: z.array(z.string()).default([]),
      /** People who watch a stream, or are expected in its lesson, from whom on every edge fetches it before somebody asks for it there; 0: none. */
      prefetchFrom: z.number().int().min(0).default(200),
    })
    .prefault({}),
  /** Which node people are sent to. */
  dispatch: dispatchSchema,
  /** Where clients' addresses are, for access rules and for dispatch: docs/geoip.md. */
  geoip: z
    .strictObject({
      /** Private and school networks, and others that one knows better than the tables do: the first that fits. */
      networks: z
        .array(
          z
            .strictObject({
              cidr: z.array(z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()])).min(1),
              country: z.string().max(64).default(""),
              province: z.string().max(64).default(""),
              city: z.string().max(64).default(""),
              carrier: z.string().max(64).default(""),
            })
            .refine(({ country, province, city }) => (city === "" || province !== "") && (province === "" || country !== ""), {
              error: "has a city without a province, or a province without a country",
            }),
        )
        .default([]),
      /** Files of ip2region (xdb) and MaxMind (mmdb) that are asked before the tables that come with the program, in this order. */
      files: z.array(z.string().min(1)).default([]),
    })
    .prefault({}),
  /** Measures against addresses that abuse the service. */
  protection: protectionSchema,
  /** What nodes do without under pressure. */
  degradation: degradationSchema,
  /** How many nodes are wanted: docs/scale.md. */
  scaling: scalingSchema,
  /** Proxies whose X-Forwarded-For is believed: addresses and networks. */
  trustedProxies: z.array(z.string()).default([]),
  /** Media workers; auto: one less than there are cores, at least one. */
  workers: z.union([z.literal("auto"), z.number().int().min(1).max(256)]).default("auto"),
  /** How long a stop may take. */
  drainSeconds: z.number().min(0).max(3600).default(20),
  /** Where the server keeps its files. */
  dataDir: z.string().min(1).default("./data"),
});

export type Config = z.infer<typeof configSchema>;

/** Keys that are read once, at the start: a reload names them in the log when they were changed. */
export const FIXED_KEYS = [
  "http",
  "rtmp",
  "srt.host",
  "srt.port",
  "webrtc.port",
  "workers",
  "roles",
  "cluster",
  "relay.parents",
  "dataDir",
  "database",
  "storage.s3",
  "encryption",
  "replay",
  "tracing",
  "viewer.maxQueueSeconds",
  "viewer.maxQueueBytes",
  "viewer.evictAfterSeconds",
] as const;
