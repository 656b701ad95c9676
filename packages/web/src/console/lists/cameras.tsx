/** Shows the list of cameras and recorders that may register by GB/T 28181, with their channels. */
import type { CameraDevice } from "@lectern/client";
import { Badge } from "@mantine/core";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import type { BulkAction } from "../list/bulk-actions.tsx";
import { useEnabling } from "../list/enabling.ts";
import { ListPage } from "../list/list-page.tsx";
import type { Column } from "../list/list-table.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { cameraBody, cameraFields, channelName } from "./camera-form.ts";
import { SourcesFrame } from "./sources-frame.tsx";

const REFETCH_MS = 3000;

export function Cameras() {
  const { t } = useTranslation();
  const { isOperator, schools, school } = useSchoolScope();
  const scope = schoolQuery({ school });
  // An operator's own devices belong to no school: they are beside those of the only school.
  const query = isOperator && schools.length < 2 ? {} : scope;
  return (
    <SourcesFrame page="cameras">
      <ListPage
        title={t("cameras.title")}
        hint={t("cameras.hint")}
        queryKey={["camera devices", query]}
        path="/camera-devices"
        query={query}
        load={(cursor) => unwrap(api().GET("/api/v1/camera-devices", { params: { query: { ...query, ...nonEmpty({ cursor }) } } }))}
        keyOf={(device) => device.id}
        nameOf={(device) => device.title}
        columns={useColumns()}
        add={{
          fields: cameraFields(null, t),
          save: async (values) => {
            const body = { ...scope, ...cameraBody(values), code: (values["code"] ?? "").trim() };
            await unwrap(api().POST("/api/v1/camera-devices", { body }));
            return undefined;
          },
        }}
        edit={{
          fields: (device) => cameraFields(device, t),
          save: (device, values) => {
            const params = { ...pathOf(device), header: { "If-Match": `"v${device.version}"` } };
            return unwrap(api().PATCH("/api/v1/camera-devices/{cameraDeviceId}", { params, body: cameraBody(values) }));
          },
          // A password before is not known.
          canUndo: () => false,
        }}
        actions={useActions()}
        refetchMs={REFETCH_MS}
      />
    </SourcesFrame>
  );
}

function pathOf({ id }: CameraDevice) {
  return { path: { cameraDeviceId: id } };
}

function useColumns(): readonly Column<CameraDevice>[] {
  const { t } = useTranslation();
  return [
    {
      label: t("cameras.device"),
      show: ({ title, code }) => (
        <span className="channel">
          <strong className="wraps">{title}</strong>
          <code>{code}</code>
        </span>
      ),
    },
    { label: t("fields.state"), show: (device) => <DeviceState device={device} /> },
    { label: t("cameras.channels"), show: ({ channels }) => <Channels channels={channels} /> },
    {
      label: t("cameras.modelAndAddress"),
      show: ({ model, host, transport }) => (
        <span className="wraps">
          {[model, host, t(`cameras.transports.${transport}`)].filter((part) => part !== null).join(" · ")}
        </span>
      ),
    },
  ];
}

function DeviceState({ device: { enabled, online } }: { device: CameraDevice }) {
  const { t } = useTranslation();
  if (!enabled) return t("isDisabled");
  return (
    <Badge color={online ? "green" : "gray"} variant="dot">
      {t(online ? "cameras.online" : "cameras.offline")}
    </Badge>
  );
}

function Channels({ channels }: Pick<CameraDevice, "channels">) {
  const { t } = useTranslation();
  if (channels.length === 0) return t("cameras.noChannels");
  return (
    <details>
      <summary>{t("cameras.channelCount", { count: channels.length })}</summary>
      <ul className="addresses">
        {channels.map(({ code, name, online }) => (
          <li key={code}>
            {name} <code>{code}</code>
            {online ? null : ` ${t("cameras.offline")}`}
          </li>
        ))}
      </ul>
    </details>
  );
}

function useActions(): readonly BulkAction<CameraDevice>[] {
  const { t } = useTranslation();
  const enabling = useEnabling((device: CameraDevice, enabled) =>
    unwrap(api().PATCH("/api/v1/camera-devices/{cameraDeviceId}", { params: pathOf(device), body: { enabled } })),
  );
  return [
    {
      label: t("cameras.addChannels"),
      doneMessage: (count) => t("cameras.channelsAdded", { count }),
      run: addSources,
      appliesTo: ({ channels }) => channels.length > 0,
    },
    ...enabling,
    {
      label: t("deletePermanently"),
      doneMessage: (count) => t("deletedPermanently", { count }),
      run: (device) => unwrap(api().DELETE("/api/v1/camera-devices/{cameraDeviceId}", { params: pathOf(device) })),
    },
  ];
}

/** A source on demand for each camera that has none yet. */
async function addSources({ channels, schoolId }: CameraDevice): Promise<void> {
  const query = { limit: 1000, ...(schoolId !== null && { schoolId }) };
  const { items } = await unwrap(api().GET("/api/v1/sources", { params: { query } }));
  const taken = new Set(items.flatMap(({ addresses }) => addresses ?? []));
  for (const { code, name: title, address } of channels.filter((channel) => !taken.has(channel.address))) {
    const place = { ...(schoolId !== null && { schoolId }), name: channelName(code), app: "live" };
    const body = { ...place, title, addresses: [address], start: "demand" as const, enabled: true };
    await unwrap(api().POST("/api/v1/sources", { body }));
  }
}
