/** Provides the types of Grafana's own package for dashboards, with the values of enumerations as JSON has them. */
import type { Dashboard, DataQuery, Panel, RowPanel } from "@grafana/schema";
import type { Options as StatOptions } from "@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen";
import type {
  FieldConfig as TableFields,
  Options as TableOptions,
} from "@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen";
import type {
  FieldConfig as TimeSeriesFields,
  Options as TimeSeriesOptions,
} from "@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen";

/** An enumeration of texts takes its members only, and JSON has their values. */
type Json<T> = T extends string ? `${T}` : T extends object ? { [K in keyof T]: Json<T[K]> } : T;

/** What Grafana's data source for Prometheus reads of a query. */
type PrometheusQuery = DataQuery & {
  readonly expr: string;
  readonly legendFormat: string;
  readonly editorMode: "code" | "builder";
  readonly range: boolean;
  readonly instant: boolean;
  readonly format?: "time_series" | "table" | "heatmap";
};

type Of<Type extends string, Options, Fields> = Json<
  Omit<Panel<Record<string, unknown>, Fields>, "options" | "targets" | "type"> & {
    readonly type: Type;
    readonly options: Partial<Options>;
    readonly targets: readonly PrometheusQuery[];
  }
>;

export type DashboardFile = Json<Omit<Dashboard, "panels">>;
export type Row = Json<RowPanel>;
export type StatPanel = Of<"stat", StatOptions, Record<string, never>>;
export type TablePanel = Of<"table", TableOptions, TableFields>;
export type TimeSeriesPanel = Of<"timeseries", TimeSeriesOptions, TimeSeriesFields>;
