package io.github.camelmixpanel.export.option;

/** What makes two events the same one. */
public enum DedupeRecipe {
    /**
     * Event name, time, {@code distinct_id} and {@code $insert_id}: what Mixpanel itself compares
     * (documented). When Mixpanel merges two identities it changes the {@code distinct_id} of
     * events it has already exported, which makes them new ones.
     */
    MIXPANEL,
    /**
     * Event name, time and {@code $insert_id}: the same after a merge of identities. Two users'
     * events with one name, second and {@code $insert_id} count as one, so it needs ids that are
     * unique across users.
     */
    INSERT_ID
}
