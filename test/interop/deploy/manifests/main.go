// Command manifest-check builds a kustomization and judges every object in it by the code of the API server of Kubernetes:
// each field is known, the defaults are filled in, the rules of the kind hold. Pods must fit the pod security standard
// "restricted". It prints a line for each object and exits with 1 when something is wrong with one.
package main

import (
	"fmt"
	"os"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/apps"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	appsrules "k8s.io/kubernetes/pkg/apis/apps/validation"
	"k8s.io/kubernetes/pkg/apis/autoscaling"
	_ "k8s.io/kubernetes/pkg/apis/autoscaling/install"
	autoscalingrules "k8s.io/kubernetes/pkg/apis/autoscaling/validation"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	corerules "k8s.io/kubernetes/pkg/apis/core/validation"
	"k8s.io/kubernetes/pkg/apis/networking"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	networkingrules "k8s.io/kubernetes/pkg/apis/networking/validation"
	"k8s.io/kubernetes/pkg/apis/policy"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	policyrules "k8s.io/kubernetes/pkg/apis/policy/validation"
	"k8s.io/pod-security-admission/api"
	security "k8s.io/pod-security-admission/policy"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

func main() {
	objects, err := build(os.Args[1])
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	isGood := true
	for _, object := range objects {
		if problem := judge(object); problem != nil {
			isGood = false
			fmt.Printf("%s: %s\n", object.name, problem)
		} else {
			fmt.Println(object.name)
		}
	}
	if !isGood {
		os.Exit(1)
	}
}

type manifest struct {
	name string
	text []byte
}

func build(folder string) ([]manifest, error) {
	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		return nil, err
	}
	var manifests []manifest
	for _, resource := range resources.Resources() {
		text, err := resource.AsYAML()
		if err != nil {
			return nil, err
		}
		manifests = append(manifests, manifest{name: resource.GetKind() + " " + resource.GetName(), text: text})
	}
	return manifests, nil
}

func judge(object manifest) error {
	strict := serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict)
	versioned, _, err := strict.UniversalDeserializer().Decode(object.text, nil, nil)
	if err != nil {
		return err
	}
	if err := judgeSecurity(versioned); err != nil {
		return err
	}
	internal, _, err := strict.UniversalDecoder().Decode(object.text, nil, nil)
	if err != nil {
		return err
	}
	metadata, err := meta.Accessor(internal)
	if err != nil {
		return err
	}
	metadata.SetNamespace("default")
	return judgeRules(internal).ToAggregate()
}

func judgeRules(object runtime.Object) field.ErrorList {
	switch known := object.(type) {
	case *apps.Deployment:
		return appsrules.ValidateDeployment(known, corerules.PodValidationOptions{})
	case *autoscaling.HorizontalPodAutoscaler:
		options := autoscalingrules.HorizontalPodAutoscalerSpecValidationOptions{MinReplicasLowerBound: 1}
		return autoscalingrules.ValidateHorizontalPodAutoscaler(known, options)
	case *core.ConfigMap:
		return corerules.ValidateConfigMap(known)
	case *core.PersistentVolumeClaim:
		return corerules.ValidatePersistentVolumeClaim(known, corerules.ValidationOptionsForPersistentVolumeClaimCreate())
	case *core.Secret:
		return corerules.ValidateSecret(known)
	case *core.Service:
		return corerules.ValidateServiceCreate(known)
	case *core.ServiceAccount:
		return corerules.ValidateServiceAccount(known)
	case *networking.NetworkPolicy:
		return networkingrules.ValidateNetworkPolicy(known, networkingrules.NetworkPolicyValidationOptions{})
	case *policy.PodDisruptionBudget:
		return policyrules.ValidatePodDisruptionBudget(known, policyrules.PodDisruptionBudgetValidationOptions{})
	default:
		return field.ErrorList{field.NotSupported(nil, fmt.Sprintf("%T", object), []string{"what is judged here"})}
	}
}

func judgeSecurity(object runtime.Object) error {
	workload, isWorkload := object.(*appsv1.Deployment)
	if !isWorkload {
		return nil
	}
	evaluator, err := security.NewEvaluator(security.DefaultChecks())
	if err != nil {
		return err
	}
	restricted := api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}
	template := workload.Spec.Template
	result := security.AggregateCheckResults(evaluator.EvaluatePod(restricted, &template.ObjectMeta, &template.Spec))
	if !result.Allowed {
		return fmt.Errorf("not restricted: %s", result.ForbiddenDetail())
	}
	return nil
}
