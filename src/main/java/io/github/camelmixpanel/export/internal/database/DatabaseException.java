package io.github.camelmixpanel.export.internal.database;

import java.io.IOException;
import java.sql.SQLException;
import java.util.regex.Pattern;

/**
 * The database refuses. The message is that of its driver without URL and names of users, which
 * some drivers put there; for that reason there is no cause.
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

    /** Whether a row was there already. */
    boolean isDuplicate() {
        return sqlState != null && sqlState.startsWith("23");
    }

    private static String describe(SQLException e) {
        String text = e.getMessage() == null ? "" : e.getMessage().lines().findFirst().orElse("");
        text = URL.matcher(text).replaceAll("jdbc:***");
        text = NAMED.matcher(text).replaceAll("$1 ***");
        return "the database says " + text + " (SQL state " + e.getSQLState() + ")";
    }
}
