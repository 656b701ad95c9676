/** Implements media formats: bytes in, values out, and back. No I/O and no timers; runs in a browser too. */

export { ByteReader } from "./bytes/byte-reader.ts";
export { GrowingBytes } from "./bytes/growing-bytes.ts";
export { Malformed } from "./bytes/malformed.ts";
export { parseAacConfiguration } from "./codecs/aac.ts";
export { AacFrames } from "./codecs/aac-frame.ts";
export { type AdtsFrame, beginsWithAdts, meantAacConfiguration, splitAdts } from "./codecs/adts.ts";
export { AdtsReader } from "./codecs/adts-reader.ts";
export { lengthPrefixed, splitAnnexB } from "./codecs/annex-b.ts";
export type { AudioFormat } from "./codecs/audio-format.ts";
export { av1Format } from "./codecs/av1.ts";
export { concealingFrame } from "./codecs/concealment.ts";
export { readAudioConfiguration, readVideoConfiguration, sizeInKeyFrame } from "./codecs/configuration.ts";
export { AUDIO_CODEC, type FourCc, fourCcBytes, hasConfiguration, VIDEO_CODEC } from "./codecs/four-cc.ts";
export type { Frame } from "./codecs/frame.ts";
export { AVC_NAL, type AvcConfiguration, parseAvcConfiguration, parseAvcSps, writeAvcConfiguration } from "./codecs/h264.ts";
export { HEVC_NAL, type HevcConfiguration, hevcFormat, parseHevcConfiguration, writeHevcConfiguration } from "./codecs/hevc.ts";
export { parseMp3Header } from "./codecs/mp3.ts";
export { hasNalUnits, isRandomAccess, NALS, nalLengthSize, repairNals, splitNals, surveyNals } from "./codecs/nal-units.ts";
export { opusHead, opusPacketSamples, parseOpusHead } from "./codecs/opus.ts";
export { configurationOf, meantConfiguration, ParameterSets, setsIn } from "./codecs/parameter-sets.ts";
export { canBeginWith } from "./codecs/random-access.ts";
export { frameSamples, SampleClock, TIME_ERROR_MS } from "./codecs/sample-clock.ts";
export type { VideoFormat } from "./codecs/video-format.ts";
export { VP8_CONFIGURATION, vp8KeyFrameSize } from "./codecs/vp8.ts";
export { parseVp9Configuration, vp9KeyFrameSize } from "./codecs/vp9.ts";
export { type AudioPacket, audioConfigurationHeader, audioFrameHeader, parseAudioTag } from "./flv/audio-tag.ts";
export { muxConfiguration, muxFrame, type TagBody, type TrackConfiguration, tagSize, writeTagInto } from "./flv/flv-mux.ts";
export { FlvReader, type FlvTag } from "./flv/flv-reader.ts";
export { type PlainFrame, readAacFrame, readAvcFrame } from "./flv/plain-frame.ts";
export {
  frameTag,
  MAX_TAG_BODY,
  TAG_HEADER_SIZE,
  TAG_TRAILER_SIZE,
  TAG_TYPE,
  tagBody,
  writeFlvHeader,
  writeTag,
} from "./flv/tag.ts";
export { parseVideoTag, type VideoPacket, videoConfigurationHeader, videoFrameHeader } from "./flv/video-tag.ts";
export { readWholeTags } from "./flv/whole-tags.ts";
export { concat } from "./fmp4/box.ts";
export { type FragmentTrack, fragmentSize, moveFragments, type Sample, withParameterSets, writeFragment } from "./fmp4/fragment.ts";
export { writeInitialisation } from "./fmp4/initialisation.ts";
export { type AudioTrack, type Fmp4Track, timescaleOf, VIDEO_TIMESCALE, type VideoTrack } from "./fmp4/track.ts";
export {
  type MediaPlaylist,
  type PlaylistKey,
  type PlaylistPart,
  type PlaylistSegment,
  type StoredPlaylist,
  type Subtitles,
  type Variant,
  writeMediaPlaylist,
  writeMultivariantPlaylist,
  writeStoredPlaylist,
} from "./hls/m3u8.ts";
export {
  type ByteRange,
  type MultivariantPlaylist,
  type Playlist,
  type PlaylistEntry,
  readPlaylist,
  type SegmentKey,
  type SegmentPlaylist,
} from "./hls/m3u8-reader.ts";
export { type Cue, cueClock, writeWebVtt, writeWebVttSegment } from "./hls/webvtt.ts";
export { type AccessUnit, AccessUnitSplitter } from "./ps/access-unit-splitter.ts";
export { type PesPacket, PS_STREAM_TYPE, PsReader } from "./ps/ps-reader.ts";
export { type AmfObject, type AmfValue, isAmfObject } from "./rtmp/amf-value.ts";
export { type AmfReading, decodeAmf0, EcmaArray, encodeAmf0, readAmf0 } from "./rtmp/amf0.ts";
export { ChunkReader, DEFAULT_CHUNK_SIZE } from "./rtmp/chunk-reader.ts";
export { CHUNK_STREAM, chunkedSize, type MessageHead, writeChunks, writeChunksInto } from "./rtmp/chunk-writer.ts";
export { ClientHandshake } from "./rtmp/client-handshake.ts";
export {
  answerHandshake,
  HANDSHAKE_SIZE,
  type HmacSha256,
  isDigestAnswer,
  openHandshake,
  RTMP_VERSION,
} from "./rtmp/handshake.ts";
export { MESSAGE_TYPE, PlacedMessage, type RtmpMessage, splitAggregate, USER_CONTROL } from "./rtmp/message.ts";
export type { Depacketizer } from "./rtp/depacketizer.ts";
export { RTP_EXTENSION, type RtpExtension } from "./rtp/extensions.ts";
export { FeedbackRecorder } from "./rtp/feedback-recorder.ts";
export { type IceServer, iceServersOf } from "./rtp/ice-servers.ts";
export { JitterBuffer, type JitterStatistics, type ReceivedUnit } from "./rtp/jitter-buffer.ts";
export { MediaClock, type TrackClock } from "./rtp/media-clock.ts";
export { isRtcp, type RtpPacket, readRtpPacket, rtpExtension, transmissionOffset } from "./rtp/packet.ts";
export { av1Depacketizer } from "./rtp/payload/av1-depacketizer.ts";
export { h264Depacketizer } from "./rtp/payload/h264-depacketizer.ts";
export { H264Packetizer } from "./rtp/payload/h264-packetizer.ts";
export { opusDepacketizer, packetizeOpus } from "./rtp/payload/opus.ts";
export { vp8Depacketizer } from "./rtp/payload/vp8-depacketizer.ts";
export { vp9Depacketizer } from "./rtp/payload/vp9-depacketizer.ts";
export { ReceiveEstimate } from "./rtp/receive-estimate.ts";
export { Reception, roundTripMs } from "./rtp/reception.ts";
export type { ReportBlock, RtcpPacket, SenderReport } from "./rtp/rtcp.ts";
export { readRtcp } from "./rtp/rtcp-reader.ts";
export { writeRtcp } from "./rtp/rtcp-writer.ts";
export { unwrapRtx } from "./rtp/rtx.ts";
export { SendEstimate } from "./rtp/send-estimate.ts";
export { type RtpPayload, type RtpSender, stampRtp } from "./rtp/stamp.ts";
export {
  readSrtCapabilities,
  readSrtHandshake,
  readSrtText,
  SRT_EXTENSION,
  SRT_FLAG,
  SRT_HANDSHAKE,
  SRT_HAS,
  SRT_MAGIC,
  type SrtCapabilities,
  type SrtExtension,
  type SrtHandshake,
  srtCaller,
  writeSrtCapabilities,
  writeSrtHandshake,
  writeSrtText,
} from "./srt/handshake.ts";
export { readSrtKeyMaterial, SRT_KEY_STATE, type SrtKeyMaterial } from "./srt/key-material.ts";
export {
  isSrtControl,
  isSrtRetransmission,
  markSrtRetransmission,
  SRT_CONTROL,
  SRT_HEADER_SIZE,
  setSrtDataHeader,
  setSrtU32,
  srtAdd,
  srtControlType,
  srtDestination,
  srtDistance,
  srtInformation,
  srtKeyFlag,
  srtSequence,
  srtSubtype,
  srtTimestamp,
  writeSrtControl,
} from "./srt/packet.ts";
export {
  readSrtAck,
  readSrtDrop,
  readSrtLosses,
  type SrtRange,
  writeSrtAck,
  writeSrtDrop,
  writeSrtLosses,
} from "./srt/reports.ts";
export type { TsStream } from "./ts/program-tables.ts";
export { opusTsTrack, type TsFrame, TsMuxer, type TsTrack, tsTrack } from "./ts/ts-muxer.ts";
export { readTsOpus } from "./ts/ts-opus.ts";
export { STREAM_TYPE, TsReader, type TsReaderOptions, type TsUnit } from "./ts/ts-reader.ts";
