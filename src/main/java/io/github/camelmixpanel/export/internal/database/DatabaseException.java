package io.github.camelmixpanel.export.internal.database;

import java.io.IOException;
import java.sql.SQLException;
import java.util.regex.Pattern;

/**
 * The database has failed. The message is the driver's without URLs and user names, which some
 * drivers include; for the same reason there is no cause.
 */
final class DatabaseException extends IOException {

    private static final long serialVersionUID = 1L;

    private static final Pattern URL = Pattern.compile("jdbc:[^\\s\"']+");
    private static final Pattern NAMED =
            Pattern.compile(
                    "(?i)\\b(user|username|role|password|pwd)(\\s*[=:]\\s*|\\s+)(\"[^\"]*\"|'[^']*'|\\S+)");

    private final String sqlState;

    DatabaseException(SQLException e) {
        super(describe(e));
        this.sqlState = e.getSQLState();
    }

    /** Whether the row already exists. */
    boolean isDuplicate() {
        return sqlState != null && sqlState.startsWith("23");
    }

    private static String describe(SQLException e) {
        String text = e.getMessage() == null ? "" : e.getMessage().lines().findFirst().orElse("");
        text = URL.matcher(text).replaceAll("jdbc:***");
        text = NAMED.matcher(text).replaceAll("$1 ***");
        return "database error: %s (SQL state %s)".formatted(text, e.getSQLState());
    }
}
