package io.github.camelmixpanel.export.bench;

/** What the generated lines look like. */
enum Shape {
    /** As in {@code examples/data}: 0.7 KB, 13 to 19 properties. */
    SHOP,
    /** With what an SDK adds: 1.1 KB, 23 to 43 properties. */
    SDK,
    /** Lines of about 64 KB. */
    LONG_LINES,
    /** As {@link #SHOP}, and every character of the name, of the ids and of a text is an escape. */
    ESCAPES
}
