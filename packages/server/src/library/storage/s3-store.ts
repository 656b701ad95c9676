/**
 * Provides a client for S3-compatible object storage: the few calls that recordings need, in the form that Amazon S3, MinIO, Aliyun OSS and Tencent
 * COS have in common. Checksums are sent only where a call requires them (OSS and COS refuse the defaults of the SDK), objects are deleted one by one
 * (multi-object delete needs Content-MD5), and no request uses signed chunks.
 */
import { Readable, Transform } from "node:stream";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { type ObjectStore, UploadGone } from "./object-store.ts";

export type S3Options = {
  /** Such as https://oss-cn-hangzhou.aliyuncs.com, without the bucket. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Prefix of every object key. */
  readonly prefix: string;
  /** Addressing style: endpoint/bucket (path) or bucket.endpoint (host). auto: path if the endpoint is an IP address or a single label. */
  readonly addressing: "auto" | "path" | "host";
};

const CONNECT_TIMEOUT_MS = 5000;
const RESPONSE_TIMEOUT_MS = 30_000;
/** From the first byte of an object's part to its last. */
const BODY_TIMEOUT_MS = 120_000;
/** Answers but an object's bytes are some lines of XML. */
const MAX_XML_BYTES = 256 * 1024;
const MAX_ATTEMPTS = 3;
const MAX_CONNECTIONS = 32;

export function openObjectStore(options: S3Options): ObjectStore {
  const { endpoint, region, bucket, accessKeyId, secretAccessKey } = options;
  const client = new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: usesPathStyle(options),
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    // `Expect: 100-continue` costs a round trip, and these uploads are not refused.
    expectContinueHeader: false,
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: RESPONSE_TIMEOUT_MS,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: MAX_CONNECTIONS },
      httpsAgent: { keepAlive: true, maxSockets: MAX_CONNECTIONS },
    },
  });
  boundAnswers(client);
  const of = (key: string) => ({ Bucket: bucket, Key: options.prefix + key });
  return {
    put: async (key, bytes, type) => {
      await client.send(new PutObjectCommand({ ...of(key), Body: bytes, ContentType: type }));
    },
    beginUpload: async (key, type) => {
      const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...of(key), ContentType: type }));
      if (!UploadId) throw new Error("the storage returned no upload id");
      return UploadId;
    },
    uploadPart: async (key, upload, number, bytes) => {
      const sent = client.send(new UploadPartCommand({ ...of(key), UploadId: upload, PartNumber: number, Body: bytes }));
      const { ETag } = await sent.catch(rethrow);
      if (!ETag) throw new Error("the storage returned no ETag for a part");
      return ETag;
    },
    completeUpload: async (key, upload, parts) => {
      const MultipartUpload = { Parts: parts.map(({ number, etag }) => ({ PartNumber: number, ETag: etag })) };
      await client.send(new CompleteMultipartUploadCommand({ ...of(key), UploadId: upload, MultipartUpload })).catch(rethrow);
    },
    abortUpload: async (key, upload) => {
      await client.send(new AbortMultipartUploadCommand({ ...of(key), UploadId: upload })).catch((error: unknown) => {
        if (statusOf(error) !== 404) throw error;
      });
    },
    size: async (key) => {
      try {
        return (await client.send(new HeadObjectCommand(of(key)))).ContentLength ?? 0;
      } catch (error) {
        if (statusOf(error) === 404) return null;
        throw error;
      }
    },
    read: (key, from, to) => retry(() => readRange(client, of(key), from, to)),
    remove: async (key) => {
      await client.send(new DeleteObjectCommand(of(key)));
    },
    close: () => client.destroy(),
  };
}

/** The SDK reads answers in XML, also those of errors, to their end, whenever that is. */
function boundAnswers(client: S3Client): void {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const result = await next(args);
        const { response } = result;
        if (!isHttpAnswer(response)) return result;
        const isPart = commandName === "GetObjectCommand" && response.statusCode < 300;
        if (!isPart) response.body = bounded(response.body);
        return result;
      },
    { name: "boundAnswers", step: "deserialize", priority: "low" },
  );
}

function isHttpAnswer(response: unknown): response is { readonly statusCode: number; body: Readable } {
  if (typeof response !== "object" || response === null || !("statusCode" in response) || !("body" in response)) return false;
  return typeof response.statusCode === "number" && response.body instanceof Readable;
}

function bounded(body: Readable): Readable {
  let length = 0;
  const passed = new Transform({
    transform: (piece: Buffer, _, done) => {
      length += piece.length;
      done(length > MAX_XML_BYTES ? new Error("the storage sent an answer without an end") : null, piece);
    },
  });
  const late = setTimeout(() => passed.destroy(new Error("the storage's answer did not end in time")), RESPONSE_TIMEOUT_MS);
  passed.on("close", () => {
    clearTimeout(late);
    body.destroy();
  });
  body.on("error", (error) => passed.destroy(error));
  return body.pipe(passed);
}

async function readRange(
  client: S3Client,
  of: { readonly Bucket: string; readonly Key: string },
  from: number,
  to: number,
): Promise<Buffer | null> {
  try {
    const { Body, ContentLength, ContentRange } = await client.send(
      new GetObjectCommand({ ...of, Range: `bytes=${from}-${to - 1}` }),
    );
    // A storage, or a proxy before it, that does not know ranges sends the object from its beginning, whatever its size.
    const begins = ContentRange === undefined ? 0 : Number(/^bytes (\d+)-/.exec(ContentRange)?.[1]);
    const isOther = begins !== from || (ContentLength ?? 0) > to - from;
    const bytes = isOther ? null : await bodyOf(Body, to - from);
    if (bytes === null) {
      if (Body instanceof Readable) Body.destroy();
      throw new Error(`the storage sent another part of the object than the bytes from ${from} to ${to}`);
    }
    if (ContentLength !== undefined && bytes.length !== ContentLength)
      throw new Error(`the storage sent ${bytes.length} of ${ContentLength} bytes`);
    return bytes;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    // RFC 9110 section 15.5.17: the range is beyond the end of the object.
    if (statusOf(error) === 416) return Buffer.alloc(0);
    throw error;
  }
}

/** Null: it is longer. @throws Error where it does not end in time */
async function bodyOf(body: unknown, most: number): Promise<Buffer | null> {
  if (!(body instanceof Readable)) return Buffer.alloc(0);
  const late = setTimeout(
    () => body.destroy(new Error(`the answer did not end within ${BODY_TIMEOUT_MS / 1000} s`)),
    BODY_TIMEOUT_MS,
  );
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of body) {
      length += piece.length;
      if (length > most) return null;
      pieces.push(piece);
    }
  } finally {
    clearTimeout(late);
  }
  return Buffer.concat(pieces, length);
}

/** Retries a body that was cut off; the SDK retries only until the first byte. */
async function retry<T>(call: () => Promise<T>): Promise<T> {
  for (let i = 1; ; i++) {
    try {
      return await call();
    } catch (error) {
      // The SDK has already retried a request that the storage answered.
      if (i === MAX_ATTEMPTS || statusOf(error) !== null) throw error;
    }
  }
}

function rethrow(error: unknown): never {
  if (statusOf(error) === 404) throw new UploadGone("the storage does not know this upload", { cause: error });
  throw error;
}

function statusOf(error: unknown): number | null {
  return error instanceof S3ServiceException ? (error.$metadata.httpStatusCode ?? null) : null;
}

function usesPathStyle({ endpoint, addressing }: S3Options): boolean {
  if (addressing !== "auto") return addressing === "path";
  const { hostname } = new URL(endpoint);
  return !hostname.includes(".") || /^[\d.]+$/.test(hostname) || hostname.startsWith("[");
}
