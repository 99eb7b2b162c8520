// Command provider is the Kubernetes provider, from its published Go module.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

// Copied from the provider's module before each build (../../builds.json): 7 MB that need not be in git.
//
//go:embed schema.json
var schema []byte

// The mapping only serves conversions of Terraform programs.
var terraformMapping = []byte("{}")

func main() {
	provider.Serve("kubernetes", version.Version, schema, terraformMapping)
}
