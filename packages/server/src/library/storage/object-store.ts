/**
 * Object storage that speaks S3: the few calls that recordings need, in the form that Amazon, MinIO, Aliyun OSS and Tencent COS have in
 * common. Checksums are sent only where a call cannot do without (the defaults of the SDK are refused by OSS and COS), objects are deleted
 * one by one (deleting many at once needs Content-MD5), and nothing is streamed in signed chunks.
 */
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

export type S3Options = {
  /** Such as https://oss-cn-hangzhou.aliyuncs.com, without the bucket. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** What the names of objects begin with. */
  readonly prefix: string;
  /** How the bucket is addressed: endpoint/bucket (path), or bucket.endpoint (host). auto: path where the endpoint is an IP address or one word. */
  readonly addressing: "auto" | "path" | "host";
};

/** A part of a multipart upload that the storage has. */
export type UploadedPart = { readonly number: number; readonly etag: string; readonly from: number; readonly to: number };

export type ObjectStore = {
  readonly put: (key: string, bytes: Uint8Array, type: string) => Promise<void>;
  /** Gives the upload's id. */
  readonly beginUpload: (key: string, type: string) => Promise<string>;
  /** Gives the part's etag. @throws UploadGone */
  readonly uploadPart: (key: string, upload: string, number: number, bytes: Uint8Array) => Promise<string>;
  /** @throws UploadGone */
  readonly completeUpload: (key: string, upload: string, parts: readonly UploadedPart[]) => Promise<void>;
  readonly abortUpload: (key: string, upload: string) => Promise<void>;
  /** Null when there is no such object. */
  readonly size: (key: string) => Promise<number | null>;
  /** A range of an object; shorter at its end, empty behind it, null when there is none. */
  readonly read: (key: string, from: number, to: number) => Promise<Buffer | null>;
  /** An object that is not there is no error. */
  readonly remove: (key: string) => Promise<void>;
  readonly close: () => void;
};

/** The storage does not know a multipart upload any more: it was completed, aborted, or taken away by a rule of the bucket. */
export class UploadGone extends Error {}

const CONNECT_MS = 5000;
const ANSWER_MS = 30_000;
const TRIES = 3;
const MOST_CONNECTIONS = 32;

export function openObjectStore(options: S3Options): ObjectStore {
  const { endpoint, region, bucket, accessKeyId, secretAccessKey } = options;
  const client = new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: byPath(options),
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    // One round trip less; what is sent is wanted.
    expectContinueHeader: false,
    maxAttempts: TRIES,
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: ANSWER_MS,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: MOST_CONNECTIONS },
      httpsAgent: { keepAlive: true, maxSockets: MOST_CONNECTIONS },
    },
  });
  const of = (key: string) => ({ Bucket: bucket, Key: options.prefix + key });
  return {
    put: async (key, bytes, type) => {
      await client.send(new PutObjectCommand({ ...of(key), Body: bytes, ContentType: type }));
    },
    beginUpload: async (key, type) => {
      const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...of(key), ContentType: type }));
      if (!UploadId) throw new Error("the storage gave no id for the upload");
      return UploadId;
    },
    uploadPart: async (key, upload, number, bytes) => {
      const sent = client.send(new UploadPartCommand({ ...of(key), UploadId: upload, PartNumber: number, Body: bytes }));
      const { ETag } = await sent.catch(rethrow);
      if (!ETag) throw new Error("the storage gave no ETag for a part");
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
    read: (key, from, to) => again(() => readRange(client, of(key), from, to)),
    remove: async (key) => {
      await client.send(new DeleteObjectCommand(of(key)));
    },
    close: () => client.destroy(),
  };
}

async function readRange(
  client: S3Client,
  of: { readonly Bucket: string; readonly Key: string },
  from: number,
  to: number,
): Promise<Buffer | null> {
  try {
    const { Body, ContentLength } = await client.send(new GetObjectCommand({ ...of, Range: `bytes=${from}-${to - 1}` }));
    const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
    if (ContentLength !== undefined && bytes.length !== ContentLength)
      throw new Error(`the storage sent ${bytes.length} of ${ContentLength} bytes`);
    return bytes;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    // RFC 9110 section 15.5.17: there is nothing at this place.
    if (statusOf(error) === 416) return Buffer.alloc(0);
    throw error;
  }
}

/** A body that breaks off is tried again; the SDK does that only until the first byte. */
async function again<T>(call: () => Promise<T>): Promise<T> {
  for (let i = 1; ; i++) {
    try {
      return await call();
    } catch (error) {
      // What the storage has answered, the SDK has tried often enough.
      if (i === TRIES || statusOf(error) !== null) throw error;
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

function byPath({ endpoint, addressing }: S3Options): boolean {
  if (addressing !== "auto") return addressing === "path";
  const { hostname } = new URL(endpoint);
  return !hostname.includes(".") || /^[\d.]+$/.test(hostname) || hostname.startsWith("[");
}
