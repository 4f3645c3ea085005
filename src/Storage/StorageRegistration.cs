using Microsoft.Extensions.DependencyInjection;
using Movento.Storage.Files;
using Movento.Storage.S3;

namespace Movento.Storage;

public static class StorageRegistration
{
    /// <summary>Registers the one <see cref="IObjectStore"/> that <paramref name="options"/> choose; it wants a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddMoventoStorage(this IServiceCollection services, StorageOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return services.AddSingleton<IObjectStore>(provider => options.Kind switch
        {
            StorageKind.Files => new FileObjectStore(options.Files, provider.GetRequiredService<TimeProvider>()),
            StorageKind.S3 => new S3ObjectStore(options.S3, provider.GetRequiredService<TimeProvider>()),
            _ => throw new NotSupportedException($"Storage kind {options.Kind}."),
        });
    }
}
