import {
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** What a dashboard shows of one question. */
export interface Panel {
  readonly title: string;
  readonly tells: string;
  /** One of Grafana's units. Source: grafana-data, valueFormats/categories.ts; read 2026-11. */
  readonly unit: 'percentunit' | 's' | 'reqps' | 'short' | 'bytes' | 'Bps';
  readonly queries: readonly Query[];
  /** @default 'timeseries' */
  readonly shows?: 'timeseries' | 'stat';
}

export interface Query {
  readonly expr: string;
  /** Grafana's template: `{{version}}`. */
  readonly legend: string;
}

/** Name of the variable that chooses the Prometheus. */
export const datasource = 'prometheus';

/** Columns of Grafana's grid. */
const columns = 24;
const sizes = { timeseries: { w: 12, h: 8 }, stat: { w: 6, h: 4 } } as const;

type Built = ReturnType<TimeseriesBuilder['build']>;

/** Panels side by side, as they fit, row after row. */
export function layOut(panels: readonly Panel[]): readonly Built[] {
  let x = 0;
  let y = 0;
  let rowHeight = 0;
  return panels.map((panel, i) => {
    const { w, h } = sizes[panel.shows ?? 'timeseries'];
    if (x + w > columns) {
      x = 0;
      y += rowHeight;
      rowHeight = 0;
    }
    const built = build(panel)
      .id(i + 1)
      .gridPos({ x, y, w, h })
      .build();
    x += w;
    rowHeight = Math.max(rowHeight, h);
    return built;
  });
}

function build(panel: Panel): TimeseriesBuilder | StatBuilder {
  const builder = panel.shows === 'stat' ? latest() : lines();
  const source = { type: 'prometheus', uid: `\${${datasource}}` };
  builder.title(panel.title).description(panel.tells).unit(panel.unit).datasource(source).min(0);
  for (const [i, { expr, legend }] of panel.queries.entries()) {
    const refId = String.fromCharCode('A'.charCodeAt(0) + i);
    builder.withTarget(
      new DataqueryBuilder()
        .refId(refId)
        .datasource(source)
        .expr(expr)
        .legendFormat(legend)
        .range(),
    );
  }
  return builder;
}

/** The newest value that there is. */
function latest(): StatBuilder {
  return new StatBuilder().reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']));
}

function lines(): TimeseriesBuilder {
  return new TimeseriesBuilder()
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom),
    )
    .tooltip(
      new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending),
    );
}
