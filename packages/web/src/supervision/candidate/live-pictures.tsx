/** Shows what a candidate publishes live: one picture large, the others to choose. */
import { TabList, TabPanel } from "@lectern/ui";
import { useState } from "react";
import { LivePlayer } from "../../player/live-player.tsx";
import { useTranslation } from "../../texts/use-translation.ts";
import { STREAM_KINDS, type StreamKind, type WallDetail } from "../wall/wall-types.ts";

export function LivePictures({ detail }: { readonly detail: WallDetail }) {
  const { t } = useTranslation();
  const kinds = STREAM_KINDS.filter((kind) => detail.streams[kind] !== undefined);
  const firstLive = kinds.find((kind) => detail.streams[kind]?.live) ?? kinds[0] ?? null;
  const [chosen, setChosen] = useState<StreamKind | null>(null);
  const shown = chosen ?? firstLive;
  if (shown === null) return null;
  const stream = detail.streams[shown];
  const address = stream?.play?.flv ?? null;
  const picture = (
    <div className="panel-picture">
      {address === null ? (
        <p>{t("wall.noPictureNow")}</p>
      ) : (
        <LivePlayer key={shown} address={address} muted latency="low" hasKeys={false} />
      )}
    </div>
  );
  const uplink = stream?.uplink ?? null;
  return (
    <section aria-label={t("wall.live")}>
      {kinds.length > 1 ? (
        <>
          <TabList
            id="panel-live"
            label={t("wall.live")}
            names={kinds}
            selected={shown}
            onSelect={setChosen}
            face={(kind) => t(`wall.kinds.${kind}`)}
          />
          <TabPanel id="panel-live" selected={shown}>
            {picture}
          </TabPanel>
        </>
      ) : (
        picture
      )}
      {uplink ? (
        <p className="panel-uplink">
          {t("wall.uplink", { kbps: Math.round(uplink.kbps), fps: Math.round(uplink.fps) })}
          {uplink.verdict ? ` · ${uplink.verdict}` : ""}
        </p>
      ) : null}
    </section>
  );
}
