package io.github.camelmixpanel.export.docs;

import java.util.Locale;

/** A picture as text: light or dark as the reader's browser is. */
final class Svg {

    private final StringBuilder content = new StringBuilder();

    /**
     * @param title what the picture shows, for those who do not see it
     */
    Svg(int width, int height, String title) {
        content.append(
                """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" font-family="sans-serif" font-size="12">
                <title>%3$s</title>
                <style>
                .page { fill: #ffffff; } .text { fill: #24292f; } .quiet { fill: #57606a; }
                .box { fill: #eef3f8; stroke: #8fa6bd; } .good { fill: #4477aa; } .late { fill: #ddaa33; } .last { fill: #228833; }
                .pale { fill: #4477aa; fill-opacity: 0.25; } .line { stroke: #8c959f; } .grid { stroke: #8c959f; stroke-opacity: 0.35; } .curve { stroke: #4477aa; stroke-width: 2; fill: none; }
                @media (prefers-color-scheme: dark) {
                .page { fill: #0d1117; } .text { fill: #e6edf3; } .quiet { fill: #9aa4af; }
                .box { fill: #1b2530; stroke: #5b6b7c; } .good { fill: #6ea8dc; } .pale { fill: #6ea8dc; } .last { fill: #55bb66; } .curve { stroke: #6ea8dc; }
                }
                </style>
                <rect class="page" width="%1$d" height="%2$d" rx="6"/>
                """
                        .formatted(width, height, escaped(title)));
    }

    Svg box(double x, double y, double width, double height, String style) {
        return add(
                "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%d\"/>",
                style, x, y, width, height, style.equals("box") ? 4 : 0);
    }

    Svg dot(double x, double y, String style) {
        return add("<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>", style, x, y);
    }

    Svg line(double x1, double y1, double x2, double y2) {
        return line("line", x1, y1, x2, y2);
    }

    Svg grid(double x1, double y1, double x2, double y2) {
        return line("grid", x1, y1, x2, y2);
    }

    private Svg line(String style, double x1, double y1, double x2, double y2) {
        return add(
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
                style, x1, y1, x2, y2);
    }

    /** A line that ends in an arrowhead, straight down or to the right. */
    Svg arrow(double x1, double y1, double x2, double y2) {
        line(x1, y1, x2, y2);
        return y1 == y2
                ? add("<path class=\"quiet\" d=\"M%.1f %.1f l-7 -4 v8 z\"/>", x2, y2)
                : add("<path class=\"quiet\" d=\"M%.1f %.1f l-4 -7 h8 z\"/>", x2, y2);
    }

    Svg curve(String points) {
        return add("<polyline class=\"curve\" points=\"%s\"/>", points);
    }

    /** Lines of text, the first at this height; lines after the first are quieter. */
    Svg text(double x, double y, String text) {
        return text(x, y, "start", text);
    }

    Svg centred(double x, double y, String text) {
        return text(x, y, "middle", text);
    }

    private Svg text(double x, double y, String anchor, String text) {
        String[] lines = text.split("\n");
        for (int i = 0; i < lines.length; i++) {
            add(
                    "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
                    i == 0 ? "text" : "quiet", x, y + 15 * i, anchor, escaped(lines[i]));
        }
        return this;
    }

    private Svg add(String form, Object... values) {
        content.append(String.format(Locale.ROOT, form, values)).append('\n');
        return this;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    @Override
    public String toString() {
        return content + "</svg>\n";
    }
}
