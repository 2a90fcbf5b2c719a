import org.apache.camel.dsl.jbang.core.commands.CamelJBangMain;

/** What the camel command starts. */
public class CamelCli {

    public static void main(String[] args) {
        CamelJBangMain.run(args);
    }
}
