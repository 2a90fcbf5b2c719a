package io.github.camelmixpanel.export.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.plan.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * The picture of windows is what would be asked for of such a history. With {@code
 * -Dupdate.docs=true} it is drawn once more.
 */
class WindowsPictureTest {

    private static final Path PICTURE = Path.of("docs/concepts/windows.svg");
    private static final LocalDate FIRST = LocalDate.parse("2024-11-29");
    private static final int DAYS = 730;
    private static final int LEFT = 40;
    private static final int BOTTOM = 190;
    private static final double MB = 1024 * 1024;

    /** A season from Black Friday to New Year, three times as busy and more. */
    private static double megabytes(int day) {
        LocalDate date = FIRST.plusDays(day);
        int season = date.getDayOfYear() >= 325 ? 8 : 1;
        return (date.getDayOfWeek().getValue() > 5 ? 1.0 : 1.6) * season;
    }

    @Test
    void showsWhatIsAskedFor() throws IOException {
        String drawn = draw(History.of(FIRST, DAYS, WindowsPictureTest::megabytes));
        if (Boolean.getBoolean("update.docs")) {
            Files.writeString(PICTURE, drawn);
        }
        assertThat(Files.readString(PICTURE)).isEqualTo(drawn);
    }

    private static String draw(History history) {
        StringBuilder svg = new StringBuilder();
        svg.append(
                """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 790 230" font-family="sans-serif" font-size="11">
                <title>%d windows for %d days</title>
                <rect width="790" height="230" fill="#ffffff"/>
                """
                        .formatted(history.windows().size(), DAYS));
        history.windows().forEach(it -> bar(svg, it));
        line(svg, 64, "windowSize");
        for (LocalDate month = LocalDate.parse("2025-01-01");
                month.isBefore(FIRST.plusDays(DAYS));
                month = month.plusMonths(3)) {
            text(svg, LEFT + days(month), BOTTOM + 16, month.toString().substring(0, 7));
        }
        text(
                svg,
                LEFT,
                BOTTOM + 34,
                "%d queries for %d days; each bar is a window, as high as what it brought"
                        .formatted(history.windows().size() + history.cut().size(), DAYS));
        return svg.append("</svg>\n").toString();
    }

    private static void bar(StringBuilder svg, History.Part part) {
        double height = Math.min(160, part.bytes() / MB);
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<rect x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\" fill=\"#4477aa\" stroke=\"#ffffff\""
                                + " stroke-width=\"0.6\"><title>%s: %.0f MB</title></rect>%n",
                        LEFT + days(part.window().fromDate()),
                        BOTTOM - height,
                        part.window().length(),
                        height,
                        part.window(),
                        part.bytes() / MB));
    }

    private static void line(StringBuilder svg, int megabytes, String what) {
        int y = BOTTOM - megabytes;
        svg.append(
                "<line x1=\"%d\" x2=\"770\" y1=\"%d\" y2=\"%d\" stroke=\"#888888\" stroke-dasharray=\"4 3\"/>%n"
                        .formatted(LEFT, y, y));
        text(svg, LEFT + 180, y - 4, what + " " + megabytes + " MB");
    }

    private static void text(StringBuilder svg, int x, int y, String text) {
        svg.append("<text x=\"%d\" y=\"%d\" fill=\"#333333\">%s</text>%n".formatted(x, y, text));
    }

    private static int days(LocalDate day) {
        return (int) (day.toEpochDay() - FIRST.toEpochDay());
    }
}
