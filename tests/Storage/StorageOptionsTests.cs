using Microsoft.Extensions.DependencyInjection;
using Movento.Storage.Files;
using Movento.Storage.S3;

namespace Movento.Storage.Tests;

public sealed class StorageOptionsTests
{
    [Fact]
    public void Validate_NothingSet_NamesTheFolder()
    {
        Assert.Contains("Storage:Files:Folder", Assert.Single(new StorageOptions().Validate()), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_S3WithNothingSet_NamesEveryValueThatIsMissing()
    {
        var options = new StorageOptions { Kind = StorageKind.S3, S3 = { Bucket = "", Region = " " } };

        var errors = options.Validate().ToArray();

        Assert.Equal(5, errors.Length);
        foreach (var name in new[] { "Endpoint", "Bucket", "AccessKey", "SecretKey", "Region" })
            Assert.Contains(errors, error => error.StartsWith($"Storage:S3:{name} ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("minio:9000")]
    [InlineData("/objects")]
    [InlineData("ftp://minio")]
    public void Validate_EndpointIsNoUrl_SaysSo(string endpoint)
    {
        var options = new S3StorageOptions { Endpoint = endpoint, AccessKey = "key", SecretKey = "secret" };

        Assert.Contains(endpoint, Assert.Single(options.Validate()), StringComparison.Ordinal);
    }

    [Fact]
    public void AddMoventoStorage_EachKind_GivesItsStore()
    {
        using var folder = new Harness.TemporaryFolder();
        var files = new StorageOptions { Files = { Folder = folder.Combine("objects") } };
        var s3 = new StorageOptions
        {
            Kind = StorageKind.S3,
            S3 = { Endpoint = "http://127.0.0.1:9", AccessKey = "key", SecretKey = "secret" },
        };

        Assert.Empty(files.Validate());
        Assert.Empty(s3.Validate());
        Assert.IsType<FileObjectStore>(StoreOf(files));
        Assert.IsType<S3ObjectStore>(StoreOf(s3));

        static IObjectStore StoreOf(StorageOptions options)
        {
            using var provider = new ServiceCollection().AddSingleton(TimeProvider.System).AddMoventoStorage(options).BuildServiceProvider();
            return provider.GetRequiredService<IObjectStore>();
        }
    }
}
