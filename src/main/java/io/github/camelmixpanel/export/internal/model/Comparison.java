package io.github.camelmixpanel.export.internal.model;

/**
 * How the events of one download compare with those that the route has had, and with the last
 * export of the same days: {@code emitted + known + repeated} is their number.
 *
 * @param emitted events that are new to the route
 * @param known events that it has had in an earlier generation, or in another window
 * @param repeated events with the dedupe key of an earlier line of the download
 * @param vanished events that the last export of these days had and this one has not, by key
 * @param rewritten events that have another {@code distinct_id} than in the last export: Mixpanel
 *     has merged users. With {@code dedupeKey=INSERT_ID} they are among {@code known}; with {@code
 *     MIXPANEL} each is one of {@code emitted} and one of {@code vanished}
 * @param changed events that have other properties than in the last export, or than an earlier line
 *     of the download with their key; they are among {@code known} or {@code repeated}
 */
public record Comparison(
        long emitted, long known, long repeated, long vanished, long rewritten, long changed) {

    /** Nothing was compared. */
    public static Comparison allNew(long events) {
        return new Comparison(events, 0, 0, 0, 0, 0);
    }

    /** Events that are not handed to the route. */
    public long duplicates() {
        return known + repeated;
    }
}
