using Movento.Harness;

namespace Movento.Storage.Tests.S3;

public sealed class S3BucketTests
{
    [Fact]
    public void Sdk_IsKnownToOneFile()
    {
        var files = Directory.GetFiles(Repository.Combine("src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal))
            .Where(path => File.ReadAllText(path).Contains("Amazon", StringComparison.Ordinal))
            .Select(path => Path.GetRelativePath(Repository.Root, path));

        Assert.Equal(["src/Storage/S3/S3Bucket.cs"], files);
    }
}
