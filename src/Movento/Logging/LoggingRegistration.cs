using Microsoft.Extensions.Logging.Console;

namespace Movento.Logging;

/// <summary>Where the log goes.</summary>
public static class LoggingRegistration
{
    /// <summary>JSON lines, to standard output or, where a person reads that, to a file.</summary>
    public static ILoggingBuilder AddMoventoLogging(this ILoggingBuilder logging, string? file)
    {
        logging.ClearProviders();
        logging.AddConsole(options => options.FormatterName = JsonLineFormatter.FormatterName);
        logging.AddConsoleFormatter<JsonLineFormatter, ConsoleFormatterOptions>();
        if (file is not null)
        {
            logging.Services.Remove(logging.Services.Single(service => service.ImplementationType == typeof(ConsoleLoggerProvider)));
            logging.Services.AddSingleton<ILoggerProvider>(
                services => new JsonFileLoggerProvider(services.GetServices<ConsoleFormatter>(), file));
        }

        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        logging.AddFilter("MassTransit", LogLevel.Warning);
        logging.AddFilter("Npgsql", LogLevel.Warning);
        return logging;
    }
}
