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
        super("database error: %s (SQL state %s)".formatted(describe(e), e.getSQLState()));
        this.sqlState = e.getSQLState();
    }

    /** A pool or driver may throw anything. */
    DatabaseException(Throwable e) {
        super("database error: %s: %s".formatted(e.getClass().getName(), describe(e)));
        this.sqlState = null;
    }

    /** Whether the row already exists. */
    boolean isDuplicate() {
        return sqlState != null && sqlState.startsWith("23");
    }

    private static String describe(Throwable e) {
        String text = e.getMessage() == null ? "" : e.getMessage().lines().findFirst().orElse("");
        text = URL.matcher(text).replaceAll("jdbc:***");
        return NAMED.matcher(text).replaceAll("$1 ***");
    }
}
