/** Shows server, stream key and encoder settings for the teacher's streaming software. */
import type { Lesson } from "@lectern/client";
import { showToast } from "@lectern/ui";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { dispatchAddress } from "../../../player/media-address.ts";
import { api, unwrap } from "../../../session/api.ts";
import { errorMessage } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { Copyable } from "../../frame/copyable.tsx";
import { recommendedKbps } from "../../lesson/encoder-settings.ts";
import { lessonPath } from "../../lesson/lesson-api.ts";
import { SecretQrCode } from "./secret-qr-code.tsx";

type LessonStreamAccess = NonNullable<Lesson["stream"]>;

type PublishSettingsProps = {
  readonly stream: LessonStreamAccess;
  /** What a narrow uplink carries of what is sent now; null while it is enough. */
  readonly uplinkKbps: number | null;
  /** What a narrow uplink carried when it was measured; null while it is enough. */
  readonly measuredKbps: number | null;
};

export function PublishSettings({ stream, uplinkKbps, measuredKbps }: PublishSettingsProps) {
  const { t } = useTranslation();
  const rtmpUrl = usePublishUrl(stream);
  return (
    <section className="tile publish-settings" aria-label={t("publishTitle")}>
      <h2>{t("publishTitle")}</h2>
      <p className="text-muted">{t("publishHint")}</p>
      <div className="copyables">
        <Copyable label={t("server")} text={rtmpUrl.slice(0, rtmpUrl.lastIndexOf("/"))} />
        <Copyable label={t("key")} text={`${stream.name}?key=${stream.publishKey}`} secret />
        <Copyable label={t("fullUrl")} text={rtmpUrl} secret />
        {stream.srtUrl ? <Copyable label={t("srtUrl")} text={stream.srtUrl} secret /> : null}
      </div>
      <div className="row">
        <SecretQrCode text={rtmpUrl} label={t("publishQr")} />
        <div className="encoder-settings">
          <h3>{t("settings")}</h3>
          <p>{t("settingsText", { kbps: recommendedKbps(uplinkKbps ?? measuredKbps) })}</p>
          <p className="text-muted">
            <SettingsReason {...{ uplinkKbps, measuredKbps }} />
          </p>
          <NewKeyButton />
        </div>
      </div>
    </section>
  );
}

function SettingsReason({ uplinkKbps, measuredKbps }: Pick<PublishSettingsProps, "uplinkKbps" | "measuredKbps">) {
  const { t } = useTranslation();
  if (uplinkKbps !== null) return t("settingsReason.measured", { kbps: uplinkKbps });
  return measuredKbps === null ? t("settingsReason.default") : t("settingsReason.checked", { kbps: measuredKbps });
}

function NewKeyButton() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const rotate = useMutation({
    mutationFn: () => unwrap(api().POST("/api/v1/lessons/{lessonId}/rotate-key", { ...lessonPath, body: {} })),
    onSuccess: (data) => client.setQueryData(["lesson"], data),
    onError: (error) => showToast(errorMessage(error, t("offline"))),
  });
  return (
    <>
      <button type="button" className="button" onClick={() => rotate.mutate()}>
        {t("newKey")}
      </button>
      <p role="status" className="text-muted">
        {rotate.isSuccess ? t("newKeyDone") : ""}
      </p>
    </>
  );
}

/** The RTMP URL to publish to. In a cluster, dispatch names the best node. */
function usePublishUrl({ app, name, publishKey, rtmpUrl }: LessonStreamAccess): string {
  const dispatch = useQuery({
    queryKey: ["dispatch", "publish", app, name],
    queryFn: () => unwrap(api().GET("/api/v1/dispatch/publish", { params: { query: { stream: `${app}/${name}` } } })),
    enabled: dispatchAddress() !== "",
    staleTime: Number.POSITIVE_INFINITY,
  });
  const url = dispatch.data?.candidates[0]?.url;
  return url ? `${url}?key=${publishKey}` : rtmpUrl;
}
