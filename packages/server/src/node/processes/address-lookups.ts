/** Defines what access rules look up about addresses: lists of addresses, and their places, whose tables are loaded on first need. */
import type { AddressKnowledge, AddressLocation } from "../../access/credentials/client-facts.ts";
import { LoadedLists } from "../../access/lists/loaded-lists.ts";
import type { AddressListFile } from "../../access/policies/policy-snapshot.ts";
import type { Geoip, GeoipConfig } from "../../platform/geoip/geoip.ts";
import type { Logger } from "../../platform/log.ts";

export type AddressLookupsOptions = {
  readonly config: () => GeoipConfig;
  readonly log: Logger;
  /** What is looked up has changed. */
  readonly onChanged: () => void;
};

export class AddressLookups implements AddressKnowledge {
  private readonly options: AddressLookupsOptions;
  private readonly lists = new LoadedLists();
  private readonly versions = new Map<string, number>();
  private geoip: Geoip | null = null;
  private loading: Promise<void> | null = null;

  constructor(options: AddressLookupsOptions) {
    this.options = options;
  }

  readonly locationOf = (ip: string): AddressLocation | null => this.geoip?.locationOf(ip) ?? null;

  readonly isListed = (list: string, ip: string): boolean | null => this.lists.isListed(list, ip);

  readonly ready = (): Promise<void> => {
    this.loading ??= this.load();
    return this.loading;
  };

  /** Loads the lists of these files, and drops the others. */
  async take(files: readonly AddressListFile[]): Promise<void> {
    for (const id of [...this.versions.keys()]) {
      if (files.some((file) => file.id === id)) continue;
      this.versions.delete(id);
      this.lists.remove(id);
    }
    for (const { id, version, file } of files) {
      if (this.versions.get(id) === version) continue;
      this.versions.set(id, version);
      await this.lists.load(id, version, file).then(
        () => this.options.onChanged(),
        (error: unknown) => {
          // A newer version may have taken its place meanwhile.
          if (this.versions.get(id) === version) this.versions.delete(id);
          this.options.log.warn({ list: id, version, reason: String(error) }, "address list not loaded");
        },
      );
    }
  }

  reload(config: GeoipConfig): void {
    void this.geoip?.reload(config).then(this.options.onChanged);
  }

  close(): void {
    this.geoip?.close();
  }

  private async load(): Promise<void> {
    const { config, log, onChanged } = this.options;
    try {
      const { loadGeoip } = await import("../../platform/geoip/geoip.ts");
      this.geoip = await loadGeoip(config(), log, onChanged);
      onChanged();
    } catch (error) {
      log.error({ reason: String(error) }, "geoip tables not loaded");
    }
  }
}
